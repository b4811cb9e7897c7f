#include "libs/secrets/vault/login.h"

#include <utility>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/status/macros.h"

namespace penstock::secrets::vault {
namespace {

// {"<name>": "<value>", "<secret_name>": "<secret>"}
Credential JsonOf(std::string_view name, std::string_view value, std::string_view secret_name,
                  crypto::Secret secret) {
  std::string json;
  json.reserve(64 + 6 * (name.size() + value.size() + secret_name.size() + secret.size()));
  json += '{';
  json::AppendQuoted(json, name);
  json += ':';
  json::AppendQuoted(json, value);
  json += ',';
  json::AppendQuoted(json, secret_name);
  json += ':';
  json::AppendQuoted(json, secret.Reveal());
  json += '}';
  Credential credential{.text = crypto::Secret(json), .parts = {}};
  crypto::Wipe(json);
  credential.parts.push_back(std::move(secret));
  return credential;
}

}  // namespace

LogIn WithToken(Load token) {
  return {"token", "", [token = std::move(token)]() -> absl::StatusOr<Credential> {
            ASSIGN_OR_RETURN(crypto::Secret text, token());
            Credential credential{.text = crypto::Secret(text.Reveal()), .parts = {}};
            credential.parts.push_back(std::move(text));
            return credential;
          }};
}

LogIn WithAppRole(std::string_view mount, std::string role_id, Load secret_id) {
  return {"AppRole", fmt::format("auth/{}/login", mount),
          [role_id = std::move(role_id),
           secret_id = std::move(secret_id)]() -> absl::StatusOr<Credential> {
            ASSIGN_OR_RETURN(crypto::Secret secret, secret_id());
            return JsonOf("role_id", role_id, "secret_id", std::move(secret));
          }};
}

LogIn WithKubernetes(std::string_view mount, std::string role, Load jwt) {
  return {"Kubernetes", fmt::format("auth/{}/login", mount),
          [role = std::move(role), jwt = std::move(jwt)]() -> absl::StatusOr<Credential> {
            ASSIGN_OR_RETURN(crypto::Secret token, jwt());
            return JsonOf("role", role, "jwt", std::move(token));
          }};
}

}  // namespace penstock::secrets::vault
