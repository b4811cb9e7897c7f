// What the shared cases start from: a Vault, and our clients of it. The clients' clock moves when a
// case says so; a real Vault's goes on as it does, so that no case depends on how far.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libs/secrets/conformance/vault.h"
#include "libs/secrets/vault/kv_document.h"
#include "libs/secrets/vault/login.h"
#include "libs/secrets/vault/session.h"
#include "libs/secrets/vault/transit.h"

namespace penstock::secrets {

inline constexpr char kPath[] = "app/secrets";
inline constexpr char kName[] = "DB_PASSWORD_SERVER";
inline constexpr char kKey[] = "penstock";

inline bool Says(const absl::Status& status, std::string_view words) {
  return std::string(status.message()).find(words) != std::string::npos;
}

struct ConformanceFixture {
  testing::SimulatedClock clock;
  std::unique_ptr<Vault> vault = OpenVault(clock);
  // Logins of all sessions so far.
  int logins = 0;

  std::string kv_path() const { return vault->kv() + "/data/" + kPath; }
  // May read the secret, and use the key.
  TokenRules Rules() const {
    return {.may_read = {kv_path()},
            .may_update = {vault->transit() + "/encrypt/" + kKey,
                           vault->transit() + "/decrypt/" + kKey}};
  }

  std::unique_ptr<vault::Session> Open(vault::LogIn log_in) {
    vault::Session::Options options;
    options.transport = vault->transport();
    options.sleep = [this](absl::Duration pause) { clock.Advance(pause); };
    return std::make_unique<vault::Session>(std::move(options), std::move(log_in), clock);
  }
  std::unique_ptr<vault::Session> OpenAsRole(const AppRole& role) {
    return Open(vault::WithAppRole(vault->approle(), role.role_id, Shown(role.secret_id)));
  }
  std::unique_ptr<vault::Session> OpenWith(const TokenRules& rules) {
    return OpenAsRole(vault->AddAppRole(rules));
  }
  std::unique_ptr<vault::Session> OpenWithToken(const std::string& token) {
    return Open(vault::WithToken(Shown(token)));
  }
  std::unique_ptr<vault::Transit> OpenTransit(const TokenRules& rules, const char* key = kKey) {
    return std::make_unique<vault::Transit>(OpenWith(rules), vault->transit(), key, "");
  }

  absl::StatusOr<vault::KvDocument> ReadDocument(vault::Session& session,
                                                 const std::string& path = kPath) const {
    return vault::ReadKvDocument(session, {vault->kv(), path}, "");
  }
  // The value, "" when it is not there, or what went wrong.
  std::string Read(vault::Session& session, const std::string& name = kName) const {
    const absl::StatusOr<vault::KvDocument> document = ReadDocument(session);
    if (!document.ok()) return document.status().ToString();
    const auto found = document->values.find(name);
    return found == document->values.end() ? "" : std::string(found->second.text.Reveal());
  }

 private:
  vault::Load Shown(std::string credential) {
    return [this, credential = std::move(credential)]() -> absl::StatusOr<crypto::Secret> {
      ++logins;
      return crypto::Secret(credential);
    };
  }
};

}  // namespace penstock::secrets
