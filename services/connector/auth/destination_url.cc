#include "services/connector/auth/destination_url.h"

#include "libs/egress/url.h"
#include "services/connector/providers/host_pattern.h"

namespace penstock::connector {

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
  if (!rules.any_host && !(IsHostName(url->host()) && IsPublicName(url->host()))) {
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
  const bool any_below = pattern.starts_with("*.");
  const std::string_view name = any_below ? pattern.substr(2) : pattern;
  // Below a public suffix are everybody's hosts.
  return IsHostName(name) && IsPublicName(name) && !(any_below && LooksLikePublicSuffix(name));
}

}  // namespace penstock::connector
