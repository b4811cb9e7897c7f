// Secrets that are in a tenant's part of a Vault: KV version 2, read-only. The path is computed and
// never named by a caller:
//
//   {mount}/data/tenant/{tenant}/connector/{id}     its keys are the fields
//
// A tenant is kept out of another's part by this computation; a policy for each tenant can't be had
// with one login. Nothing is cached: what was changed in Vault counts at once.
#pragma once

#include <memory>
#include <string>

#include "libs/secrets/vault/session.h"
#include "services/connector/credentials/secret_source.h"

namespace penstock::connector {

class VaultSource final : public SecretSource {
 public:
  struct Options {
    std::string mount = "kv";  // has passed CheckPath
    std::string name_space;
  };
  VaultSource(std::unique_ptr<secrets::vault::Session> session, Options options);

  // FAILED_PRECONDITION: the secret is deleted, or a field is no text or empty; that a field is not
  // there is no error. `previous` is INVALID_ARGUMENT: Vault has its own versions.
  absl::StatusOr<LoadedSecrets> Load(const WantedSecrets& wanted, absl::Time deadline) override;

 private:
  const std::unique_ptr<secrets::vault::Session> session_;
  const Options options_;
};

// "tenant/{tenant}/connector/{id}": what an operator writes to.
std::string VaultPathOf(const CredentialOwner& owner);

}  // namespace penstock::connector
