#include "services/connector/oauth/testing/sealed_vault.h"

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "libs/testing/check.h"

namespace penstock::connector::testing {
namespace {

using postgres::Bytes;
using postgres::Connection;
using postgres::Params;
using postgres::Statement;

constexpr Statement kPut{"test_put",
                         "INSERT INTO test_vault.secrets VALUES ($1, $2, $3, $4, $5) "
                         "ON CONFLICT (tenant_id, kind, owner, field) DO UPDATE SET sealed = excluded.sealed"};
constexpr Statement kRemove{"test_remove", "DELETE FROM test_vault.secrets WHERE tenant_id = $1 AND kind = $2 AND owner = $3 AND field = $4"};
constexpr Statement kRemoveAll{"test_remove_all", "DELETE FROM test_vault.secrets WHERE tenant_id = $1 AND kind = $2 AND owner = $3"};
constexpr Statement kFind{"test_find", "SELECT sealed FROM test_vault.secrets WHERE tenant_id = $1 AND kind = $2 AND owner = $3 AND field = $4"};
constexpr Statement kNote{"test_note", "INSERT INTO test_vault.opens (tenant_id, owner, field, purpose, target_host) VALUES ($1, $2, $3, $4, $5)"};

Params KeyOf(const CredentialOwner& owner) { return Params().Add(owner.tenant).Add(static_cast<int32_t>(owner.kind)).Add(owner.id); }

std::string Associated(const CredentialOwner& owner, std::string_view field) {
  return fmt::format("{}/{}/{}/{}", owner.tenant.ToString(), static_cast<int>(owner.kind), owner.id.ToString(), field);
}

}  // namespace

SealedVault::SealedVault(postgres::Pool& pool)
    : pool_(pool), sealer_(penstock::testing::Check(crypto::Sealer::Create(crypto::Secret(std::string(32, 'k'))), "make a sealer")) {}

void SealedVault::SetUp(Connection& superuser) {
  penstock::testing::Check(superuser.ExecuteScript(R"sql(
    CREATE SCHEMA test_vault;
    CREATE TABLE test_vault.secrets (tenant_id uuid, kind int, owner uuid, field text, sealed bytea, PRIMARY KEY (tenant_id, kind, owner, field));
    CREATE TABLE test_vault.opens (open_id bigint GENERATED ALWAYS AS IDENTITY, tenant_id uuid, owner uuid, field text, purpose text, target_host text);
    GRANT USAGE ON SCHEMA test_vault TO penstock_server;
    GRANT ALL ON ALL TABLES IN SCHEMA test_vault TO penstock_server)sql"),
                           "make the test's vault");
}

absl::Status SealedVault::Put(Connection& connection, const CredentialOwner& owner, std::string_view field, const crypto::Secret& value) {
  if (!connection.in_transaction()) return absl::InternalError("not in a transaction");
  ASSIGN_OR_RETURN(const std::string sealed, sealer_.Seal(value.Reveal(), Associated(owner, field)));
  return connection.Execute(kPut, KeyOf(owner).Add(field).Add(Bytes{sealed})).status();
}

absl::Status SealedVault::Remove(Connection& connection, const CredentialOwner& owner, const std::vector<std::string>& fields) {
  for (const std::string& field : fields) RETURN_IF_ERROR(connection.Execute(kRemove, KeyOf(owner).Add(field)).status());
  return absl::OkStatus();
}

absl::Status SealedVault::RemoveAll(Connection& connection, const CredentialOwner& owner) {
  return connection.Execute(kRemoveAll, KeyOf(owner)).status();
}

absl::StatusOr<Credentials> SealedVault::Open(const Use& use, absl::Time) {
  if (use.caller.tenant != use.owner.tenant || use.target_host.empty() || use.fields.empty()) return absl::InternalError("a use that says too little");
  const postgres::Scope scope{.tenant = use.owner.tenant};
  RETURN_IF_ERROR(postgres::RunInTransaction(pool_, scope, [&](Connection& connection) -> absl::Status {
    for (const std::string& field : use.fields) {
      const Params note = Params().Add(use.owner.tenant).Add(use.owner.id).Add(field).Add(PurposeName(use.purpose)).Add(use.target_host);
      RETURN_IF_ERROR(connection.Execute(kNote, note).status());
    }
    return absl::OkStatus();
  }));
  Credentials opened;
  RETURN_IF_ERROR(postgres::RunInTransaction(pool_, scope, [&](Connection& connection) -> absl::Status {
    for (const std::string& field : use.fields) {
      ASSIGN_OR_RETURN(const postgres::Result row, connection.Execute(kFind, KeyOf(use.owner).Add(field)));
      if (row.rows() == 0) continue;
      ASSIGN_OR_RETURN(crypto::Secret value, sealer_.Open(row.Get<std::string_view>(0, 0), Associated(use.owner, field)));
      opened.Put(field, std::move(value));
    }
    return absl::OkStatus();
  }));
  return opened;
}

}  // namespace penstock::connector::testing
