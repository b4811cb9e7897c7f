#include "libs/egress/redirect.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"

namespace penstock::egress {
namespace {

constexpr std::string_view kHarmless[] = {"accept",           "accept-language", "content-encoding",
                                          "content-language", "content-type",    "idempotency-key",
                                          "user-agent"};

bool NameIs(const std::string& name, std::string_view lower) {
  return absl::EqualsIgnoreCase(name, absl::string_view(lower.data(), lower.size()));
}

bool MayTravel(const std::string& name) {
  return std::any_of(std::begin(kHarmless), std::end(kHarmless),
                     [&](std::string_view harmless) { return NameIs(name, harmless); });
}

void DropBody(HttpRequest& request) {
  request.body.clear();
  std::erase_if(request.headers, [](const auto& header) {
    return absl::StartsWithIgnoreCase(header.first, "content-");
  });
}

bool BecomesGet(const std::string& method, int status) {
  if (status == 303) return method != "GET" && method != "HEAD";
  return (status == 301 || status == 302) && method == "POST";
}

}  // namespace

std::optional<std::string> RedirectTarget(const HttpResponse& response) {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      break;
    default:
      return std::nullopt;
  }
  for (const auto& [name, value] : response.headers) {
    if (name == "location") return value;
  }
  return std::nullopt;
}

void FollowRedirect(HttpRequest& request, int status, const Url& from, const Url& to) {
  if (BecomesGet(request.method, status)) {
    request.method = "GET";
    DropBody(request);
  }
  if (from.SameOrigin(to)) return;
  std::erase_if(request.headers, [](const auto& header) { return !MayTravel(header.first); });
  request.client_identity.reset();
}

}  // namespace penstock::egress
