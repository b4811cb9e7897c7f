#include "services/connector/credentials/sealed_source.h"

#include <utility>

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/postgres/set_scope.h"
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

// In one round trip, on a connection that is back before anything is unwrapped.
absl::StatusOr<Result> ReadRows(postgres::Pool& pool, const WantedSecrets& wanted,
                                absl::Time deadline) {
  const CredentialOwner& owner = wanted.owner;
  Array<std::string_view> names;
  for (const std::string& field : wanted.fields) names.Append(std::string_view(field));
  Pipeline pipeline;
  pipeline.Add(postgres::kBegin);
  postgres::AddScope(pipeline, {.tenant = owner.tenant});
  pipeline.Add(credentials::kLoadSealedValues, std::move(Params()
                                                             .Add(owner.tenant)
                                                             .Add(OwnerKindName(owner.kind))
                                                             .Add(owner.id)
                                                             .Add(std::move(names))
                                                             .Add(!wanted.previous)));
  pipeline.Add(postgres::kCommit);
  while (true) {
    ASSIGN_OR_RETURN(const postgres::Pool::Handle connection, pool.Acquire(deadline));
    absl::StatusOr<std::vector<Result>> results = pipeline.Run(*connection);
    if (results.ok()) return std::move((*results)[2]);
    // One that died while it was idle; reading twice does no harm.
    if (connection->healthy()) return results.status();
  }
}

// As the statement read it together with the values.
absl::Status CheckOwner(const WantedSecrets& wanted, const Result& rows) {
  if (!wanted.owner_version || rows.rows() == 0) return absl::OkStatus();
  if (rows.Get<std::optional<int64_t>>(0, 5) == wanted.owner_version) return absl::OkStatus();
  return WithReason(absl::AbortedError("what the secret is of was changed meanwhile: try again"),
                    kOwnerChanged);
}

}  // namespace

absl::StatusOr<LoadedSecrets> SealedSource::Load(const WantedSecrets& wanted, absl::Time deadline) {
  absl::StatusOr<LoadedSecrets> loaded = LoadOnce(wanted, deadline);
  if (loaded.ok() || ReasonOf(loaded.status()) != "KEY_DESTROYED") return loaded;
  // Between the reading of the row and that of its key the value may have been moved under a new
  // key and the old one retired.
  return LoadOnce(wanted, deadline);
}

absl::StatusOr<LoadedSecrets> SealedSource::LoadOnce(const WantedSecrets& wanted,
                                                     absl::Time deadline) {
  const CredentialOwner& owner = wanted.owner;
  ASSIGN_OR_RETURN(const Result rows, ReadRows(pool_, wanted, deadline));
  RETURN_IF_ERROR(CheckOwner(wanted, rows));
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
