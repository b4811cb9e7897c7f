// The secrets that deliveries are signed with: sealed in workflow.signing_secrets, opened only to check a signature.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/crypto/sealer.h"
#include "libs/crypto/secret.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"

namespace penstock::workflow_engine {

// What a sealed value is bound to: moved to another row it does not open.
std::string SigningSecretPurpose(TenantId tenant, std::string_view name);

struct SigningSecretName {
  std::string name;
  absl::Time created_at;
};

// ALREADY_EXISTS when the name is taken: a secret is replaced by making another and naming both, not by overwriting.
absl::Status PutSigningSecret(postgres::Pool& pool, const crypto::Sealer& sealer, TenantId tenant, const std::string& name,
                              const crypto::Secret& secret);
absl::StatusOr<std::vector<SigningSecretName>> ListSigningSecrets(postgres::Pool& pool, TenantId tenant);
// NOT_FOUND when there is none.
absl::Status DeleteSigningSecret(postgres::Pool& pool, TenantId tenant, const std::string& name);

}  // namespace penstock::workflow_engine
