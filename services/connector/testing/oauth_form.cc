#include "services/connector/testing/oauth_form.h"

#include "absl/strings/str_split.h"
#include "libs/http/percent.h"
#include "nlohmann/json.hpp"

namespace penstock::connector::testing {

std::optional<OAuthForm> ParseForm(std::string_view text) {
  const auto parameters = http::ParseQuery(text, 100);
  if (!parameters) return std::nullopt;
  OAuthForm form;
  for (const auto& [name, value] : *parameters) {
    if (!form.emplace(name, value).second) return std::nullopt;
  }
  return form;
}

std::optional<OAuthForm> ParseBody(const egress::ReceivedRequest& request) {
  const auto type = request.headers.find("content-type");
  if (type == request.headers.end()) return std::nullopt;
  if (type->second == "application/x-www-form-urlencoded") return ParseForm(request.body);
  if (type->second != "application/json") return std::nullopt;
  const auto json = nlohmann::json::parse(request.body, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  OAuthForm form;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) return std::nullopt;
    form[name] = value.get<std::string>();
  }
  return form;
}

std::string Get(const OAuthForm& form, const std::string& name) {
  const auto at = form.find(name);
  return at == form.end() ? "" : at->second;
}

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  for (absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" ,"), absl::SkipEmpty()))
    words.emplace_back(word);
  return words;
}

}  // namespace penstock::connector::testing
