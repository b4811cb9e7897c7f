#include "libs/secrets/vault/open.h"

#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/crypto/secret.h"
#include "libs/secrets/vault/kv_provider.h"
#include "libs/secrets/vault/login.h"
#include "libs/secrets/vault/session.h"
#include "libs/status/details.h"

namespace penstock::secrets::vault {
namespace {

// Reads the settings and collects what is wrong with them.
class Reader {
 public:
  Reader(const config::Settings& settings, const config::Environment& environment)
      : settings_(settings), environment_(environment) {}

  std::string Needed(const char* name, std::string_view by) {
    std::string text = settings_.String(name);
    if (text.empty()) Refuse(name, fmt::format("is required by {}", by));
    return text;
  }

  // A file is read each time it is asked for.
  Load NeededSecret(const char* name, std::string_view by) {
    const std::string file_name = fmt::format("{}_FILE", name);
    auto file = environment_.find(file_name);
    if (file != environment_.end() && !file->second.empty()) return ReadFrom(file->second);
    const crypto::Secret& secret = settings_.Secret(name);
    if (secret.empty()) Refuse(name, fmt::format("is required by {}; or {}", by, file_name));
    auto kept = std::make_shared<const crypto::Secret>(secret.Reveal());
    return [kept]() -> absl::StatusOr<crypto::Secret> { return crypto::Secret(kept->Reveal()); };
  }

  static Load ReadFrom(std::string path) {
    return [path = std::move(path)]() -> absl::StatusOr<crypto::Secret> {
      absl::StatusOr<crypto::Secret> secret = crypto::ReadSecretFile(path);
      if (secret.ok()) return secret;
      return absl::FailedPreconditionError(
          fmt::format("no login to Vault: {}", std::string(secret.status().message())));
    };
  }

  // Names joined by slashes; one at the end is dropped.
  std::string Path(const char* name) {
    std::string text = settings_.String(name);
    while (text.ends_with('/')) text.pop_back();
    if (!text.empty()) Note(name, CheckPath(text));
    return text;
  }

  void Note(const char* name, const absl::Status& status) {
    if (!status.ok()) Refuse(name, std::string(status.message()));
  }
  void Refuse(const char* name, std::string why) { violations_.push_back({name, std::move(why)}); }

  absl::Status status() const {
    return violations_.empty() ? absl::OkStatus() : BadRequest(violations_);
  }

 private:
  const config::Settings& settings_;
  const config::Environment& environment_;
  std::vector<FieldViolation> violations_;
};

LogIn ReadLogIn(const config::Settings& settings, Reader& reader) {
  const std::string& method = settings.String("VAULT_AUTH_METHOD");
  const std::string by = fmt::format("VAULT_AUTH_METHOD {}", method);
  if (method == "approle") {
    std::string role_id = reader.Needed("VAULT_ROLE_ID", by);
    return WithAppRole(reader.Path("VAULT_APPROLE_MOUNT"), std::move(role_id),
                       reader.NeededSecret("VAULT_SECRET_ID", by));
  }
  if (method == "kubernetes") {
    std::string role = reader.Needed("VAULT_KUBERNETES_ROLE", by);
    return WithKubernetes(reader.Path("VAULT_KUBERNETES_MOUNT"), std::move(role),
                          Reader::ReadFrom(settings.String("VAULT_KUBERNETES_TOKEN_FILE")));
  }
  return WithToken(reader.NeededSecret("VAULT_TOKEN", by));
}

// Of use only when the reader has nothing to refuse.
std::unique_ptr<Session> MakeSession(const config::Settings& settings, Reader& reader,
                                     const Clock& clock, std::string_view by,
                                     absl::Duration patience) {
  std::string address = reader.Needed("VAULT_ADDR", by);
  if (!address.empty()) reader.Note("VAULT_ADDR", CheckAddress(address));
  while (address.ends_with('/')) address.pop_back();
  const std::string name_space = reader.Path("VAULT_NAMESPACE");
  std::string login_namespace = reader.Path("VAULT_AUTH_NAMESPACE");
  if (login_namespace.empty()) login_namespace = name_space;
  LogIn log_in = ReadLogIn(settings, reader);
  Session::Options options;
  options.transport = {.address = std::move(address),
                       .ca_file = settings.String("VAULT_CACERT"),
                       .timeout = settings.Duration("VAULT_CLIENT_TIMEOUT")};
  options.login_namespace = std::move(login_namespace);
  options.retry_timeout = patience;
  return std::make_unique<Session>(std::move(options), std::move(log_in), clock);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Provider>> Open(const config::Settings& settings,
                                               const config::Environment& environment,
                                               const Clock& clock) {
  Reader reader(settings, environment);
  absl::StatusOr<KvPath> path =
      ParseKvPath(settings.String("VAULT_APP_SECRET_PATH"), settings.String("VAULT_KV_MOUNT"));
  std::unique_ptr<Session> session =
      MakeSession(settings, reader, clock, "vault in SECRET_READ_CHAIN",
                  settings.Duration("VAULT_RETRY_TIMEOUT"));
  reader.Note("VAULT_APP_SECRET_PATH", path.status());
  if (absl::Status status = reader.status(); !status.ok()) return status;
  return CreateKvProvider(std::move(session), *std::move(path), reader.Path("VAULT_NAMESPACE"),
                          clock);
}

absl::StatusOr<std::unique_ptr<Session>> OpenSession(const config::Settings& settings,
                                                     const config::Environment& environment,
                                                     const Clock& clock, std::string_view by,
                                                     absl::Duration patience) {
  Reader reader(settings, environment);
  std::unique_ptr<Session> session = MakeSession(settings, reader, clock, by, patience);
  if (absl::Status status = reader.status(); !status.ok()) return status;
  return session;
}

}  // namespace penstock::secrets::vault
