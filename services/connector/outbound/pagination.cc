#include "services/connector/outbound/pagination.h"

#include <charconv>
#include <utility>

#include "libs/egress/url.h"
#include "libs/json/validate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/outbound/blot_out.h"
#include "services/connector/outbound/json_at.h"
#include "services/connector/outbound/link_header.h"
#include "services/connector/outbound/url_query.h"

namespace penstock::connector {
namespace {

using nlohmann::json;
using Style = PaginationStyle;

absl::Status BadPage(std::string_view what) {
  return WithReason(absl::UnavailableError({what.data(), what.size()}), "UPSTREAM_FAILED",
                    {{"type", "BAD_PAGE"}});
}

// What services write where there is nothing more.
bool IsNothing(const json* value) {
  return value == nullptr || value->is_null() || *value == false || *value == "";
}

std::string AsText(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

int64_t NumberOr(const std::optional<std::string>& text, int64_t otherwise) {
  int64_t number = otherwise;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

std::string TextOf(const egress::Url& url) {
  char* text = nullptr;
  if (curl_url_get(url.raw(), CURLUPART_URL, &text, 0) != CURLUE_OK) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

PageWalk::PageWalk(Pagination pagination, const Target& target, egress::HttpRequest first,
                   PageLimits limits)
    : pagination_(std::move(pagination)),
      target_(target),
      limits_(limits),
      next_(std::move(first)) {
  const Pagination& p = pagination_;
  const bool sized = p.page_size > 0 && !p.size_parameter.empty();
  if (sized && !FindParameter(next_->url, p.size_parameter)) {
    next_->url = WithParameter(next_->url, p.size_parameter, std::to_string(p.page_size));
  }
  const bool counted = p.style == Style::kPage || p.style == Style::kOffset;
  if (counted && !FindParameter(next_->url, p.position_parameter)) {
    SetPosition(std::to_string(p.style == Style::kPage ? p.first_page : 0));
  }
}

absl::StatusOr<std::vector<json>> PageWalk::Take(const egress::HttpResponse& response) {
  if (!next_) return absl::FailedPreconditionError("the list has ended");
  if (response.status < 200 || response.status > 299) {
    next_.reset();
    return std::vector<json>();
  }
  // Also because values that nest without end can't be copied.
  const bool is_empty = response.body.empty();
  if (!is_empty && !penstock::json::Validate(response.body).ok()) {
    return BadPage("a page of the list is not JSON");
  }
  const json body = is_empty ? json() : json::parse(response.body, nullptr, false);
  if (body.is_discarded()) return BadPage("a page of the list is not JSON");
  ASSIGN_OR_RETURN(std::vector<json> items, ItemsOf(body));
  ++pages_;
  bytes_ += static_cast<int64_t>(response.body.size());
  RETURN_IF_ERROR(Advance(response, body, items.size()));
  const int64_t room = limits_.items - items_;
  if (static_cast<int64_t>(items.size()) > room) {
    items.resize(room);
    truncated_ = true;
  }
  items_ += static_cast<int64_t>(items.size());
  if (next_ && LimitReached()) {
    truncated_ = true;
    next_.reset();
  }
  return items;
}

bool PageWalk::LimitReached() const {
  return pages_ >= limits_.pages || items_ >= limits_.items || bytes_ >= limits_.bytes;
}

absl::StatusOr<std::vector<json>> PageWalk::ItemsOf(const json& body) const {
  const json* list = pagination_.items_path ? JsonAt(body, *pagination_.items_path) : &body;
  if (list == nullptr || list->is_null()) return std::vector<json>();
  if (list->is_array()) return list->get<std::vector<json>>();
  if (pagination_.style == Style::kNone) return std::vector<json>{*list};
  return BadPage("a page of the list has no list where it was said to be");
}

absl::Status PageWalk::Advance(const egress::HttpResponse& response, const json& body,
                               size_t items) {
  const Pagination& p = pagination_;
  const bool over = p.has_more_path && IsNothing(JsonAt(body, *p.has_more_path));
  std::optional<std::string> there;
  switch (over ? Style::kNone : p.style) {
    case Style::kNone:
      break;
    case Style::kPage:
    case Style::kOffset: {
      // A page may be shorter than asked for, as services have limits of their own; one without
      // items is the end.
      if (items == 0) break;
      const int64_t at = NumberOr(FindParameter(next_->url, p.position_parameter), 0);
      SetPosition(std::to_string(at + (p.style == Style::kPage ? 1 : static_cast<int64_t>(items))));
      return absl::OkStatus();
    }
    case Style::kCursor:
    case Style::kBodyLink:
      there = NextPosition(body);
      break;
    case Style::kLink:
      there = FindLink(response, "next");
      break;
  }
  if (!there) return next_.reset(), absl::OkStatus();
  if (*there == last_) return BadPage("the list gives the same next page again");
  last_ = *there;
  if (p.style != Style::kCursor) return GoTo(*there);
  SetPosition(*there);
  return absl::OkStatus();
}

std::optional<std::string> PageWalk::NextPosition(const json& body) const {
  const json* place = nullptr;
  if (pagination_.next_path) {
    place = JsonAt(body, *pagination_.next_path);
  } else if (pagination_.next_from_last) {
    const json* list = pagination_.items_path ? JsonAt(body, *pagination_.items_path) : &body;
    const bool has_last = list != nullptr && list->is_array() && !list->empty();
    place = has_last ? JsonAt(list->back(), *pagination_.next_from_last) : nullptr;
  }
  return IsNothing(place) ? std::nullopt : std::optional(AsText(*place));
}

absl::Status PageWalk::GoTo(const std::string& reference) {
  const absl::StatusOr<egress::Url> from = egress::Url::Parse(next_->url);
  const absl::StatusOr<egress::Url> to = from.ok() ? from->Resolve(reference) : from.status();
  if (!to.ok()) return BadPage("the list's next page is no URL");
  if (!target_.IsOrigin(*to)) return BadPage("the list's next page is on another host");
  // Credentials that were in the link are added again by whoever adds them.
  next_->url = WithoutParameters(TextOf(*to), [](std::string_view, std::string_view value) {
    return value.find(kBlot) != std::string_view::npos;
  });
  return absl::OkStatus();
}

void PageWalk::SetPosition(const std::string& value) {
  next_->url = WithParameter(next_->url, pagination_.position_parameter, value);
}

}  // namespace penstock::connector
