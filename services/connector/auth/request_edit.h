// Changes to a request that leave its scheme, host and port alone.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/egress/http.h"
#include "services/connector/auth/writing.h"

namespace penstock::connector {

// The first of that name in any case, or null.
const std::string* FindHeader(const egress::Headers& headers, std::string_view name);
// The only one of that name afterwards.
void SetHeader(egress::Headers& headers, std::string_view name, std::string value);

// An absolute URL in three parts, none of them decoded. A fragment is dropped: it is never sent.
struct UrlParts {
  std::string origin;  // "https://api.example.com:8443"
  std::string path;    // "/v1/items", at least "/"
  std::string query;   // "a=1&b=2", without '?'

  // INVALID_ARGUMENT without a scheme and a host. Errors never repeat the text.
  static absl::StatusOr<UrlParts> Parse(std::string_view url);
  std::string ToString() const;
  // As sent in the first line of the request: "/v1/items?a=1&b=2".
  std::string Target() const;
  // The only one of that name afterwards.
  void SetQuery(std::string_view name, std::string_view value, Writing writing);
};

}  // namespace penstock::connector
