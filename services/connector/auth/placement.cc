#include "services/connector/auth/placement.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "libs/status/macros.h"
#include "services/connector/auth/header_name.h"
#include "services/connector/auth/request_edit.h"

namespace penstock::connector {
namespace {

constexpr std::pair<std::string_view, Placement::In> kPlaces[] = {
    {"header", Placement::In::kHeader},
    {"query", Placement::In::kQuery},
    {"cookie", Placement::In::kCookie}};

bool IsPrintable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// A token of RFC 6265.
bool IsCookieName(std::string_view name) {
  return !name.empty() && IsPrintable(name) &&
         name.find_first_of("()<>@,;:\\\"/[]?={} ") == name.npos;
}

// After what other cookies the request has.
void AddCookie(std::string_view name, std::string_view value, egress::HttpRequest& request) {
  std::string cookies;
  if (const std::string* others = FindHeader(request.headers, "Cookie")) cookies = *others + "; ";
  cookies.append(name).append("=").append(value);
  SetHeader(request.headers, "Cookie", std::move(cookies));
}

}  // namespace

Placement ReadPlacement(const ConfigReader& config, Placement fallback) {
  Placement placement;
  placement.in = config.Choice("in", kPlaces, fallback.in);
  placement.name = config.Text("name", fallback.name);
  // "Bearer" goes with Authorization; who names another place says what prefix it has.
  const bool same_place =
      placement.in == fallback.in && absl::EqualsIgnoreCase(placement.name, fallback.name);
  placement.prefix = config.Text("prefix", same_place ? fallback.prefix : "");
  return placement;
}

void CheckPlacement(const Placement& placement, std::string_view at,
                    std::vector<FieldViolation>& wrong) {
  const auto refuse = [&](std::string_view name, std::string_view why) {
    wrong.push_back({std::string(at) + std::string(name), std::string(why)});
  };
  if (placement.in == Placement::In::kHeader) {
    if (const std::string_view why = WrongHeaderName(placement.name); !why.empty()) {
      refuse("name", why);
    }
  } else if (placement.in == Placement::In::kCookie) {
    if (!IsCookieName(placement.name)) refuse("name", "must be the name of a cookie");
  } else if (placement.name.empty() || !IsPrintable(placement.name)) {
    refuse("name", "must be the name of a query parameter, of printable ASCII");
  }
  const bool in_cookie = placement.in == Placement::In::kCookie;
  if (!IsPrintable(placement.prefix)) {
    refuse("prefix", "must be printable ASCII");
  } else if (in_cookie && placement.prefix.find_first_of("\",;\\ ") != std::string::npos) {
    refuse("prefix", "must be what a cookie's value may be");
  }
}

absl::Status Place(const Placement& placement, std::string_view credential, Writing writing,
                   egress::HttpRequest& request) {
  std::string value = placement.prefix + std::string(credential);
  switch (placement.in) {
    case Placement::In::kHeader:
      SetHeader(request.headers, placement.name, std::move(value));
      return absl::OkStatus();
    case Placement::In::kCookie:
      AddCookie(placement.name, value, request);
      return absl::OkStatus();
    case Placement::In::kQuery:
      break;
  }
  ASSIGN_OR_RETURN(UrlParts url, UrlParts::Parse(request.url));
  url.SetQuery(placement.name, value, writing);
  request.url = url.ToString();
  return absl::OkStatus();
}

}  // namespace penstock::connector
