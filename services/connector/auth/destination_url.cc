#include "services/connector/auth/destination_url.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "libs/egress/url.h"

namespace penstock::connector {
namespace {

// Names that never mean something public (RFC 6761, 6762, 8375, 9476 and common use).
constexpr std::string_view kLocalDomains[] = {
    "alt", "arpa",  "corp",        "example",   "home", "internal", "intranet", "invalid",
    "lan", "local", "localdomain", "localhost", "mail", "onion",    "private",  "test"};

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 && !label.starts_with('-') && !label.ends_with('-') &&
         std::ranges::all_of(label, [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-' || c == '_';
         });
}

bool IsPublicHost(std::string_view host) {
  if (host.size() > 253) return false;
  size_t labels = 0;
  std::string_view last;
  for (std::string_view rest = host;;) {
    last = rest.substr(0, rest.find('.'));
    if (!IsLabel(last)) return false;
    ++labels;
    if (last.size() == rest.size()) break;
    rest.remove_prefix(last.size() + 1);
  }
  // No top-level domain is a number, but the last part of every IPv4 address is.
  const bool number = absl::ascii_isdigit(static_cast<unsigned char>(last.front()));
  return labels >= 2 && !number &&
         std::ranges::find(kLocalDomains, last) == std::end(kLocalDomains);
}

}  // namespace

std::string WrongDestination(const std::string& text, const UrlRules& rules) {
  const auto url = egress::Url::Parse(text);
  // libcurl guesses a scheme where there is none.
  if (!url.ok() || text.find("://") == text.npos) {
    return "must be an absolute URL without user info: https://host/path";
  }
  if (text.find('#') != text.npos) return "must have no fragment";
  if (url->scheme() != "https" && !(rules.plain_http && url->scheme() == "http")) {
    return "must be https";
  }
  if (!rules.any_host && !IsPublicHost(url->host())) {
    return "must have a public DNS name for its host, no address and no local name";
  }
  return "";
}

void CheckDestination(const std::string& url, std::string_view field, const UrlRules& rules,
                      std::vector<FieldViolation>& wrong) {
  if (url.empty()) return;
  std::string why = WrongDestination(url, rules);
  if (!why.empty()) wrong.push_back({std::string(field), std::move(why)});
}

bool IsPublicHostPattern(std::string_view pattern) {
  if (pattern.starts_with("*.")) pattern.remove_prefix(2);
  return IsPublicHost(pattern);
}

}  // namespace penstock::connector
