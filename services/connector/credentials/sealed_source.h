// Secrets that are sealed in our database.
#pragma once

#include "libs/postgres/pool.h"
#include "services/connector/credentials/secret_source.h"
#include "services/connector/keys/tenant_keys.h"

namespace penstock::connector {

class SealedSource final : public SecretSource {
 public:
  // Both outlive it.
  SealedSource(postgres::Pool& pool, TenantKeys& keys) : pool_(pool), keys_(keys) {}

  absl::StatusOr<LoadedSecrets> Load(const WantedSecrets& wanted, absl::Time deadline) override;

 private:
  absl::StatusOr<LoadedSecrets> LoadOnce(const WantedSecrets& wanted, absl::Time deadline);

  postgres::Pool& pool_;
  TenantKeys& keys_;
};

}  // namespace penstock::connector
