// Lists of third parties to their end: from one page's answer to the next page's request. Pure. A
// next page is on the connector's own origin or there is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/egress/http.h"
#include "libs/json/path.h"
#include "nlohmann/json.hpp"
#include "services/connector/outbound/target.h"

namespace penstock::connector {

enum class PaginationStyle {
  kNone,
  kPage,      // by number of page
  kOffset,    // by number of items before
  kCursor,    // by what the last answer gave
  kLink,      // the header Link (RFC 8288) with rel="next"
  kBodyLink,  // the next page's URL is in the answer
};

struct Pagination {
  PaginationStyle style = PaginationStyle::kNone;
  std::string position_parameter = {};  // of the page, the offset or the cursor
  std::string size_parameter = {};
  int page_size = 0;                              // asked for; 0 = whatever the service gives
  int first_page = 1;                             // number of the first page, of kPage
  std::optional<json::Path> next_path = {};       // of the next cursor or URL
  std::optional<json::Path> next_from_last = {};  // instead: in the last item
  std::optional<json::Path> has_more_path = {};   // false or nothing there = the end
  std::optional<json::Path> items_path = {};      // none = the answer is the list
};

// Of a connector's `pagination`: {"style": "PAGE" | "OFFSET" | "CURSOR" | "LINK" | "BODY_LINK" |
// "NONE", "page_parameter" | "offset_parameter" | "cursor_parameter", "size_parameter" |
// "limit_parameter", "page_size", "first_page", "cursor_path" | "next_link_path",
// "next_from_last_item", "has_more_path", "items_path"}, or of the catalogue's Provider.pagination,
// which says position_parameter, size and next_path for these. INVALID_ARGUMENT names what is
// wrong.
absl::StatusOr<Pagination> ParsePagination(const nlohmann::json& config);

// What one wants to read at most.
struct PageLimits {
  int pages = 100;
  int64_t items = 10'000;
  int64_t bytes = 32 << 20;  // of answers; the page that passes it is the last
};

// A walk over one list. Copyable; holds no connection.
class PageWalk {
 public:
  // `first`: of Target::Build; gets the size and the first position unless its query has them.
  PageWalk(Pagination pagination, const Target& target, egress::HttpRequest first,
           PageLimits limits = {});

  // The request to make next; nothing at the end.
  const std::optional<egress::HttpRequest>& next() const { return next_; }

  // Takes the answer to next(): its items, and decides on the one after. An answer other than 2xx
  // ends the walk. UNAVAILABLE (UPSTREAM_FAILED) when the answer is not what the config says: no
  // JSON (or nested beyond all sense), no items there, a next URL on another host, a cursor that
  // comes twice.
  absl::StatusOr<std::vector<nlohmann::json>> Take(const egress::HttpResponse& response);

  // Whether a limit ended it before the list did.
  bool truncated() const { return truncated_; }
  int pages() const { return pages_; }

 private:
  bool LimitReached() const;
  absl::StatusOr<std::vector<nlohmann::json>> ItemsOf(const nlohmann::json& body) const;
  absl::Status Advance(const egress::HttpResponse& response, const nlohmann::json& body,
                       size_t items);
  std::optional<std::string> NextPosition(const nlohmann::json& body) const;
  absl::Status GoTo(const std::string& reference);
  void SetPosition(const std::string& value);

  Pagination pagination_;
  Target target_;
  PageLimits limits_;
  std::optional<egress::HttpRequest> next_;
  int pages_ = 0;
  int64_t items_ = 0;
  int64_t bytes_ = 0;
  bool truncated_ = false;
  std::string last_;  // cursor or URL, so that a service which gives the same again does not loop
};

}  // namespace penstock::connector
