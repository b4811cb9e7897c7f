#include "services/connector/credentials/sealed_source.h"

#include <utility>

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/credentials/queries.h"
#include "services/connector/keys/envelope.h"

namespace penstock::connector {
namespace {

using postgres::Array;
using postgres::Params;
using postgres::Pipeline;
using postgres::Result;

Params ScopeOf(TenantId tenant) {
  Array<std::string_view> names, values;
  names.Append(std::string_view("app.tenant_id"));
  values.Append(tenant.ToString());
  return std::move(Params().Add(std::move(names)).Add(std::move(values)).Add(true));
}

// In one round trip, on a connection that is back before anything is unwrapped.
absl::StatusOr<Result> ReadRows(postgres::Pool& pool, const CredentialOwner& owner,
                                const std::vector<std::string>& fields, bool previous,
                                absl::Time deadline) {
  Array<std::string_view> names;
  for (const std::string& field : fields) names.Append(std::string_view(field));
  Pipeline pipeline;
  pipeline.Add(postgres::kBegin);
  pipeline.Add(postgres::kApplySettings, ScopeOf(owner.tenant));
  pipeline.Add(credentials::kLoadSealedValues, std::move(Params()
                                                             .Add(owner.tenant)
                                                             .Add(OwnerKindName(owner.kind))
                                                             .Add(owner.id)
                                                             .Add(std::move(names))
                                                             .Add(!previous)));
  pipeline.Add(postgres::kCommit);
  while (true) {
    ASSIGN_OR_RETURN(const postgres::Pool::Handle connection, pool.Acquire(deadline));
    absl::StatusOr<std::vector<Result>> results = pipeline.Run(*connection);
    if (results.ok()) return std::move((*results)[2]);
    // One that died while it was idle; reading twice does no harm.
    if (connection->healthy()) return results.status();
  }
}

}  // namespace

absl::StatusOr<LoadedSecrets> SealedSource::Load(const CredentialOwner& owner,
                                                 const std::vector<std::string>& fields,
                                                 bool previous, absl::Time deadline) {
  absl::StatusOr<LoadedSecrets> loaded = LoadOnce(owner, fields, previous, deadline);
  if (loaded.ok() || ReasonOf(loaded.status()) != "KEY_DESTROYED") return loaded;
  // Between the reading of the row and that of its key the value may have been moved under a new
  // key and the old one retired.
  return LoadOnce(owner, fields, previous, deadline);
}

absl::StatusOr<LoadedSecrets> SealedSource::LoadOnce(const CredentialOwner& owner,
                                                     const std::vector<std::string>& fields,
                                                     bool previous, absl::Time deadline) {
  ASSIGN_OR_RETURN(const Result rows, ReadRows(pool_, owner, fields, previous, deadline));
  LoadedSecrets loaded;
  for (int r = 0; r < rows.rows(); ++r) {
    const auto field = rows.Get<std::string>(r, 0);
    const auto version = rows.Get<int64_t>(r, 1);
    // Here and not by the cached key: a tenant's key that was destroyed is of no use from then on.
    if (rows.Get<std::string_view>(r, 4) == "destroyed") keys_.Forget(owner.tenant);
    ASSIGN_OR_RETURN(const TenantKeys::Key key,
                     keys_.Version(owner.tenant, rows.Get<int32_t>(r, 2)));
    const envelope::Place place{.tenant = owner.tenant,
                                .owner_kind = OwnerKindName(owner.kind),
                                .owner = owner.id,
                                .field = field,
                                .value_version = version};
    absl::StatusOr<crypto::Secret> value =
        envelope::Open(*key, place, rows.Get<std::string_view>(r, 3));
    if (!value.ok()) return WithContext(value.status(), fmt::format("secret \"{}\"", field));
    loaded.emplace(field, LoadedSecret{*std::move(value), version});
  }
  return loaded;
}

}  // namespace penstock::connector
