#include "services/connector/providers/auth_keys.h"

#include <algorithm>

namespace penstock::connector {
namespace {

using google::protobuf::Value;

constexpr auto kText = Value::kStringValue;
constexpr auto kNumber = Value::kNumberValue;
constexpr auto kObject = Value::kStructValue;
constexpr auto kList = Value::kListValue;

const std::vector<AuthType>& AuthTypes() {
  static const std::vector<AuthType> types = {
      {"api_key",
       {{"in", kText, {"header", "query"}, true}, {"name", kText, {}, true}, {"prefix"}}},
      {"basic", {{"username"}}},
      {"bearer", {{"prefix"}}},
      {"oauth2",
       {{"grant_type",
         kText,
         {"authorization_code", "client_credentials", "device_code", "jwt_bearer"},
         true},
        {"authorize_url"},
        {"token_url", kText, {}, true},
        {"refresh_url"},
        {"revoke_url"},
        {"device_url"},
        {"issuer"},
        {"client_auth", kText, {"basic", "post", "private_key_jwt", "none"}, true},
        {"basic_encoding", kText, {"form", "raw"}},
        {"pkce", kText, {"required", "optional", "unsupported"}},
        {"scope_separator"},
        {"scope_parameter"},
        {"authorize_parameters", kObject},
        {"token_parameters", kObject},
        {"token_body", kText, {"form", "json"}},
        {"token_path"},
        {"rotation", kText, {"none", "rotating", "single_use", "grace"}},
        {"grace_seconds", kNumber},
        {"access_ttl_seconds", kNumber},
        {"refresh_idle_ttl_seconds", kNumber},
        {"refresh_absolute_ttl_seconds", kNumber},
        {"expires_in_unit", kText, {"seconds", "milliseconds"}},
        {"revoke_style"},
        {"inject", kObject},
        {"from_token", kList}}},
      {"jwt_bearer", {{"token_url"}}, true},
      {"hmac", {}, true},
      {"aws_sigv4", {{"service", kText, {}, true}, {"region", kText, {}, true}}},
      {"mtls", {}, true},
      {"custom", {{"headers", kObject}, {"query", kObject}, {"path_prefix"}}},
  };
  return types;
}

}  // namespace

const AuthType* FindAuthType(std::string_view name) {
  const auto found = std::ranges::find(AuthTypes(), name, &AuthType::name);
  return found == AuthTypes().end() ? nullptr : &*found;
}

std::string AuthTypeNames() {
  std::string names;
  for (const AuthType& type : AuthTypes())
    names.append(names.empty() ? "" : ", ").append(type.name);
  return names;
}

std::string NameOfKind(Value::KindCase kind) {
  switch (kind) {
    case kText:
      return "a text";
    case kNumber:
      return "a number";
    case kObject:
      return "an object";
    case kList:
      return "a list";
    default:
      return "something else";
  }
}

}  // namespace penstock::connector
