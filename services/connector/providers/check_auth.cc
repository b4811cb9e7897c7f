#include "services/connector/providers/check_auth.h"

#include <algorithm>
#include <string_view>

#include "re2/re2.h"
#include "services/connector/providers/auth_keys.h"
#include "services/connector/providers/check_hosts.h"
#include "services/connector/providers/variables.h"

namespace penstock::connector {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::Provider;

const Value* Find(const Struct& config, const std::string& key) {
  const auto found = config.fields().find(key);
  return found == config.fields().end() ? nullptr : &found->second;
}

std::string Text(const Struct& config, const std::string& key) {
  const Value* value = Find(config, key);
  return value == nullptr ? "" : value->string_value();
}

bool IsPlaceholder(const std::string& text) {
  static const RE2& form = *new RE2(R"(\{\{secret\.[a-z][a-z0-9_]{0,31}\}\})");
  return RE2::PartialMatch(text, form);
}

// A secret in the catalogue would be everybody's.
void CheckNoSecret(const Struct& config, const std::string& field, Problems& problems) {
  static const RE2& name = *new RE2(
      "(?i)(.*[_-])?(secret|password|passphrase|private_key|access_token|refresh_token|token|"
      "api_?key|credentials?)");
  for (const auto& [key, value] : config.fields()) {
    const std::string at = field + "." + key;
    if (value.has_struct_value()) CheckNoSecret(value.struct_value(), at, problems);
    if (value.has_string_value() && !value.string_value().empty() && RE2::FullMatch(key, name) &&
        !IsPlaceholder(value.string_value())) {
      AddProblem(problems, at, "must not hold a secret: a row says where it goes, not what it is");
    }
  }
}

void CheckKey(const Provider& provider, const AuthKey& key, const Value& value,
              const std::string& field, Problems& problems) {
  if (value.kind_case() != key.kind) {
    return AddProblem(problems, field, "must be " + NameOfKind(key.kind));
  }
  if (!key.words.empty() && std::ranges::find(key.words, value.string_value()) == key.words.end()) {
    return AddProblem(problems, field,
                      fmt::format("must be one of: {}", fmt::join(key.words, ", ")));
  }
  if (IsUrlKey(std::string(key.name))) CheckUrl(provider, value.string_value(), field, problems);
}

void CheckKeys(const Provider& provider, const AuthType& type, const Struct& config,
               const std::string& field, Problems& problems) {
  for (const auto& [name, value] : config.fields()) {
    const auto key = std::ranges::find(type.keys, name, &AuthKey::name);
    if (key == type.keys.end()) {
      if (!type.is_open) AddProblem(problems, field + "." + name, "is nothing this type knows");
    } else {
      CheckKey(provider, *key, value, field + "." + name, problems);
    }
  }
  for (const AuthKey& key : type.keys) {
    if (key.is_required && Find(config, std::string(key.name)) == nullptr) {
      AddProblem(problems, field + "." + std::string(key.name), "is needed by this type");
    }
  }
}

void CheckFromToken(const Provider& provider, const Struct& config, const std::string& field,
                    Problems& problems) {
  const Value* list = Find(config, "from_token");
  if (list == nullptr) return;
  for (int i = 0; i < list->list_value().values_size(); ++i) {
    const Struct& entry = list->list_value().values(i).struct_value();
    const std::string at = Element(field + ".from_token", i);
    if (Text(entry, "name").empty() || Text(entry, "path").empty()) {
      AddProblem(problems, at, "must have name and path");
    }
    const Value* hosts = Find(entry, "hosts");
    if (hosts == nullptr) continue;
    for (const Value& host : hosts->list_value().values()) {
      // The token's answer may not open hosts that the row does not.
      if (std::ranges::find(provider.hosts(), host.string_value()) == provider.hosts().end()) {
        AddProblem(problems, at + ".hosts", "must be among the provider's hosts");
      }
    }
  }
}

void CheckGrant(const Struct& config, const std::string& field, Problems& problems) {
  const auto needs = [&](const std::string& key, std::string_view why) {
    if (Text(config, key).empty()) AddProblem(problems, field + "." + key, why);
  };
  const std::string grant = Text(config, "grant_type");
  if (grant == "authorization_code") needs("authorize_url", "is needed for authorization_code");
  if (grant == "device_code") needs("device_url", "is needed for device_code");
  const Value* seconds = Find(config, "grace_seconds");
  if (Text(config, "rotation") == "grace" && (seconds == nullptr || seconds->number_value() <= 0)) {
    AddProblem(problems, field + ".grace_seconds", "is needed when rotation is grace");
  }
}

void CheckCustom(const Struct& config, const std::string& field, Problems& problems) {
  bool has_secret = IsPlaceholder(Text(config, "path_prefix"));
  for (const std::string part : {"headers", "query"}) {
    const Value* values = Find(config, part);
    if (values == nullptr) continue;
    for (const auto& [key, value] : values->struct_value().fields()) {
      has_secret = has_secret || IsPlaceholder(value.string_value());
    }
  }
  if (!has_secret) AddProblem(problems, field, "has no place for a secret: {{secret.name}}");
}

// Where base_url_from_token gets its URL from.
bool HasUrlFromToken(const Provider& provider) {
  for (const Provider::AuthMethod& method : provider.auth()) {
    const Value* list = Find(method.config(), "from_token");
    if (list == nullptr) continue;
    for (const Value& entry : list->list_value().values()) {
      if (Text(entry.struct_value(), "name") == provider.base_url_from_token() &&
          Find(entry.struct_value(), "hosts") != nullptr) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

void CheckAuth(const Provider& provider, Problems& problems) {
  if (provider.auth().empty() || provider.auth_size() > 10) {
    AddProblem(problems, "auth", "must be 1 to 10 ways to authenticate");
    return;
  }
  for (int i = 0; i < provider.auth_size(); ++i) {
    const Provider::AuthMethod& method = provider.auth(i);
    const std::string at = Element("auth", i), field = at + ".config";
    if (method.title().empty() || method.title().size() > 100) {
      AddProblem(problems, at + ".title", "must have 1 to 100 bytes");
    }
    const AuthType* type = FindAuthType(method.type());
    if (type == nullptr) {
      AddProblem(problems, at + ".type", "must be one of: " + AuthTypeNames());
      continue;
    }
    CheckKeys(provider, *type, method.config(), field, problems);
    CheckNoSecret(method.config(), field, problems);
    CheckFromToken(provider, method.config(), field, problems);
    if (method.type() == "oauth2") CheckGrant(method.config(), field, problems);
    if (method.type() == "custom") CheckCustom(method.config(), field, problems);
  }
  if (!provider.base_url_from_token().empty() && !HasUrlFromToken(provider)) {
    AddProblem(problems, "base_url_from_token",
               "must name an entry of from_token, of some auth method, that has hosts");
  }
}

}  // namespace penstock::connector
