#include "services/connector/oauth/token_answer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "libs/http/percent.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxFormParameters = 50;
constexpr size_t kMaxValueBytes = 2000;
constexpr size_t kMaxScopes = 500;
constexpr absl::Duration kMaxLifetime = absl::Hours(24 * 3650);

// Overwrites every text, so that tokens do not stay in freed memory.
void WipeTexts(Json& json) {
  if (json.is_string()) crypto::Wipe(json.get_ref<std::string&>());
  if (json.is_structured()) {
    for (Json& child : json) WipeTexts(child);
  }
}

struct Body {
  Json json;
  ~Body() { WipeTexts(json); }
};

std::string_view Header(const egress::HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

// Form-encoded bodies become an object of texts.
bool Parse(const egress::HttpResponse& response, Json& out) {
  if (response.body.size() > kMaxTokenAnswerBytes) return false;
  const size_t first = response.body.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && (response.body[first] == '{' || response.body[first] == '[')) {
    out = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
    return out.is_object();
  }
  const std::string type = absl::AsciiStrToLower(
      {Header(response, "content-type").data(), Header(response, "content-type").size()});
  const bool form =
      absl::StrContains(type, "x-www-form-urlencoded") || absl::StrContains(type, "text/plain");
  if (!form || response.body.find('=') == std::string::npos) return false;
  const auto parameters = http::ParseQuery(response.body, kMaxFormParameters);
  if (!parameters) return false;
  out = Json::object();
  for (const auto& [name, value] : *parameters) out[name] = value;
  return true;
}

const Json* At(const Json& root, std::string_view path) {
  const Json* at = &root;
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find('.', begin), path.size());
    const std::string member(path.substr(begin, end - begin));
    begin = end + 1;
    if (at->is_object()) {
      const auto found = at->find(member);
      if (found == at->end()) return nullptr;
      at = &*found;
    } else if (size_t index = 0;
               at->is_array() && absl::SimpleAtoi(member, &index) && index < at->size()) {
      at = &(*at)[index];
    } else {
      return nullptr;
    }
  }
  return at;
}

// A text or number as text; nothing for anything else.
std::string TextOf(const Json* json) {
  if (json == nullptr) return "";
  if (json->is_string()) return json->get<std::string>();
  if (json->is_number_integer()) return json->dump();
  if (json->is_number_float()) return fmt::format("{:.3f}", json->get<double>());
  return "";
}

std::optional<ProviderError> ErrorOf(const Json& root) {
  ProviderError error;
  if (const Json* at = At(root, "error")) {
    if (at->is_object()) {  // {"error": {"code": ..., "message": ...}}
      error.code = TextOf(At(*at, "code"));
      if (error.code.empty()) error.code = TextOf(At(*at, "type"));
      error.description = TextOf(At(*at, "message"));
    } else if (!at->is_null() && !(at->is_boolean() && !at->get<bool>())) {
      error.code = TextOf(at);
    }
    if (!at->is_null() && !(at->is_boolean() && !at->get<bool>()) && error.code.empty())
      error.code = "error";
  }
  const Json* ok = At(root, "ok");
  if (error.code.empty() && ok != nullptr && ok->is_boolean() && !ok->get<bool>())
    error.code = "not_ok";
  if (error.code.empty()) return std::nullopt;
  if (error.description.empty()) error.description = TextOf(At(root, "error_description"));
  return error;
}

absl::Duration RetryAfterOf(const egress::HttpResponse& response, absl::Time now) {
  return RetryAfter(response.headers, now);
}

bool ReadToken(const Json& node, std::string_view name, crypto::Secret& out) {
  const Json* at = At(node, name);
  if (at == nullptr || !at->is_string()) return at == nullptr || at->is_null();
  const std::string& text = at->get_ref<const std::string&>();
  // A line break in a token would become one in a request.
  const bool plain =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c != 0x7f; });
  if (text.size() > kMaxTokenBytes || !plain) return false;
  out = crypto::Secret(text);
  return true;
}

std::optional<absl::Duration> FirstLifetime(const Json& node,
                                            std::initializer_list<std::string_view> names,
                                            absl::Duration unit) {
  for (std::string_view name : names) {
    if (const auto lifetime = ReadLifetime(TextOf(At(node, name)), unit)) return lifetime;
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> ReadScopes(const OAuth2Config& config, const Json& node) {
  const Json* at = At(node, "scope");
  if (at == nullptr) at = At(node, "scopes");
  if (at == nullptr) return std::nullopt;
  std::vector<std::string> scopes;
  if (at->is_array()) {
    for (const Json& scope : *at) scopes.push_back(TextOf(&scope));
  } else if (at->is_string()) {
    scopes = SplitScopes(at->get_ref<const std::string&>(), config.scope_separator);
  } else {
    return std::nullopt;
  }
  if (scopes.size() > kMaxScopes) scopes.resize(kMaxScopes);
  return scopes;
}

std::string HostOf(std::string_view value) {
  std::string_view host = value;
  if (const size_t scheme = host.find("://"); scheme != std::string_view::npos) {
    if (host.substr(0, scheme) != "https") return "";
    host.remove_prefix(scheme + 3);
  }
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos || host.find('\\') != std::string_view::npos)
    return "";
  if (const size_t port = host.find(':'); port != std::string_view::npos)
    host = host.substr(0, port);
  return absl::AsciiStrToLower({host.data(), host.size()});
}

bool HostFits(std::string_view host, std::string_view allowed) {
  if (allowed.substr(0, 2) != "*.") return host == allowed;
  const std::string_view suffix = allowed.substr(1);  // ".example.com"
  return host.size() > suffix.size() && host.substr(host.size() - suffix.size()) == suffix;
}

TokenOutcome ReadTokens(const OAuth2Config& config, int status, const Json& root) {
  const Json* node = At(root, config.token_path);
  if (node == nullptr || !node->is_object())
    return BadAnswer(status, "the answer has no tokens at " + config.token_path);
  TokenAnswer answer;
  if (!ReadToken(*node, "access_token", answer.access_token) ||
      !ReadToken(*node, "refresh_token", answer.refresh_token)) {
    return BadAnswer(status,
                     "the answer has a token of more than 16 KiB or with characters that none has");
  }
  if (answer.access_token.empty()) return BadAnswer(status, "the answer has no access_token");
  const std::string type = absl::AsciiStrToLower(TextOf(At(*node, "token_type")));
  if (type == "mac" || type == "pop" || type == "dpop" || type == "n_a") {
    return BadAnswer(status, "the answer has a kind of token that can't be used as a bearer token");
  }
  answer.expires_in = FirstLifetime(*node, {"expires_in"}, config.expires_in_unit);
  answer.refresh_expires_in = FirstLifetime(
      *node, {"refresh_token_expires_in", "x_refresh_token_expires_in", "refresh_expires_in"},
      config.expires_in_unit);
  answer.scopes = ReadScopes(config, *node);
  for (const FromToken& rule : config.from_token) {
    const Json* at = At(root, rule.path);
    const std::string value = TextOf(at);
    if (value.empty()) continue;  // may come on the callback, or have come before
    if (absl::Status fits = CheckTokenValue(rule, value); !fits.ok())
      return BadAnswer(status, std::string(fits.message()));
    answer.values[rule.name] = value;
  }
  return answer;
}

}  // namespace

std::optional<absl::Duration> ReadLifetime(std::string_view text, absl::Duration unit) {
  double number = 0;
  if (text.empty() || !absl::SimpleAtod({text.data(), text.size()}, &number) ||
      !std::isfinite(number) || number <= 0)
    return std::nullopt;
  // Before the multiplication, which saturates far above.
  return std::min(number > 1e15 ? kMaxLifetime : number * unit, kMaxLifetime);
}

std::vector<std::string> SplitScopes(std::string_view text, std::string_view separator) {
  // Providers that take one separator are known to answer with another.
  const std::string separators = separator == "," || separator == " " || separator.empty()
                                     ? " ,"
                                     : std::string(separator) + " ";
  std::vector<std::string> scopes;
  for (absl::string_view scope : absl::StrSplit(absl::string_view(text.data(), text.size()),
                                                absl::ByAnyChar(separators), absl::SkipEmpty())) {
    scopes.emplace_back(scope);
  }
  return scopes;
}

absl::Status CheckTokenValue(const FromToken& rule, std::string_view value) {
  const bool printable =
      std::all_of(value.begin(), value.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (value.size() > kMaxValueBytes || !printable) {
    return absl::InvalidArgumentError(fmt::format("the answer's {} is no short text", rule.name));
  }
  if (rule.hosts.empty()) return absl::OkStatus();
  const std::string host = HostOf(value);
  for (const std::string& allowed : rule.hosts) {
    if (HostFits(host, allowed)) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      fmt::format("the answer's {} leads to a host that is not among those allowed", rule.name));
}

TokenOutcome ReadTokenAnswer(const OAuth2Config& config, const egress::HttpResult& result,
                             absl::Time now) {
  if (const auto* failure = std::get_if<egress::HttpFailure>(&result))
    return ClassifyTransport(*failure);
  const auto& response = std::get<egress::HttpResponse>(result);
  Body body;
  const bool readable = Parse(response, body.json);
  const bool good = response.status >= 200 && response.status < 300;
  if (!readable) {
    if (!good) return ClassifyAnswer(response.status, {}, RetryAfterOf(response, now));
    return BadAnswer(response.status, "the answer is neither JSON nor form-encoded, or too long");
  }
  if (const std::optional<ProviderError> error = ErrorOf(body.json)) {
    return ClassifyAnswer(response.status, *error, RetryAfterOf(response, now));
  }
  if (!good) return ClassifyAnswer(response.status, {}, RetryAfterOf(response, now));
  return ReadTokens(config, response.status, body.json);
}

std::variant<AnswerMembers, TokenFailure> ReadMembers(const egress::HttpResult& result,
                                                      absl::Time now) {
  if (const auto* failure = std::get_if<egress::HttpFailure>(&result))
    return ClassifyTransport(*failure);
  const auto& response = std::get<egress::HttpResponse>(result);
  Body body;
  const bool readable = Parse(response, body.json);
  if (readable) {
    if (const std::optional<ProviderError> error = ErrorOf(body.json))
      return ClassifyAnswer(response.status, *error, RetryAfterOf(response, now));
  }
  if (response.status < 200 || response.status >= 300)
    return ClassifyAnswer(response.status, {}, RetryAfterOf(response, now));
  AnswerMembers members;
  if (!readable) return members;
  for (const auto& [name, value] : body.json.items()) {
    if (std::string text = TextOf(&value); !text.empty()) members[name] = std::move(text);
  }
  return members;
}

}  // namespace penstock::connector
