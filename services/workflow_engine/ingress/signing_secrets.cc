#include "services/workflow_engine/ingress/signing_secrets.h"

#include <utility>

#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/route_queries.h"

namespace penstock::workflow_engine {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

std::string SigningSecretPurpose(TenantId tenant, std::string_view name) {
  return "signing_secret/" + tenant.ToString() + "/" + std::string(name);
}

absl::Status PutSigningSecret(postgres::Pool& pool, const crypto::Sealer& sealer, TenantId tenant, const std::string& name,
                              const crypto::Secret& secret) {
  ASSIGN_OR_RETURN(std::string sealed, sealer.Seal(secret.Reveal(), SigningSecretPurpose(tenant, name)));
  return postgres::RunInTransaction(pool, {.tenant = tenant}, [&](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection
                        .Execute(queries::kInsertSigningSecret,
                                 std::move(Params().Add(tenant).Add(name).Add(postgres::Bytes{sealed})))
                        .status());
    return connection.Execute(queries::kRaiseRouteGeneration, std::move(Params().Add(tenant))).status();
  });
}

absl::StatusOr<std::vector<SigningSecretName>> ListSigningSecrets(postgres::Pool& pool, TenantId tenant) {
  return postgres::RunInTransactionReturning<std::vector<SigningSecretName>>(
      pool, {.tenant = tenant}, [&](Connection& connection) -> absl::StatusOr<std::vector<SigningSecretName>> {
        ASSIGN_OR_RETURN(Result rows, connection.Execute(queries::kListSigningSecrets, std::move(Params().Add(tenant))));
        std::vector<SigningSecretName> names;
        for (int r = 0; r < rows.rows(); ++r) names.push_back({rows.Get<std::string>(r, 0), rows.Get<absl::Time>(r, 1)});
        return names;
      });
}

absl::Status DeleteSigningSecret(postgres::Pool& pool, TenantId tenant, const std::string& name) {
  return postgres::RunInTransaction(pool, {.tenant = tenant}, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(Result deleted, connection.Execute(queries::kDeleteSigningSecret, std::move(Params().Add(tenant).Add(name))));
    if (deleted.affected_rows() == 0) return absl::NotFoundError("no signing secret of this name");
    return connection.Execute(queries::kRaiseRouteGeneration, std::move(Params().Add(tenant))).status();
  });
}

}  // namespace penstock::workflow_engine
