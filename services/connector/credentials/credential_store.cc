#include "services/connector/credentials/credential_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/credentials/queries.h"
#include "services/connector/credentials/sealed_source.h"
#include "services/connector/keys/envelope.h"

namespace penstock::connector {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
using postgres::Pipeline;
using postgres::Result;

constexpr size_t kMaxFields = 32;
constexpr size_t kMaxHostLength = 260;
constexpr size_t kMaxExecutionLength = 255;

bool IsFieldName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && absl::ascii_islower(name.front()) &&
         std::ranges::all_of(name, [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
         });
}

Params OwnerParams(const CredentialOwner& owner) {
  return std::move(Params().Add(owner.tenant).Add(OwnerKindName(owner.kind)).Add(owner.id));
}

Params FieldParams(const CredentialOwner& owner, const std::vector<std::string>& fields) {
  Array<std::string_view> names;
  for (const std::string& field : fields) names.Append(std::string_view(field));
  return std::move(OwnerParams(owner).Add(std::move(names)));
}

absl::Status CheckValues(const std::map<std::string, crypto::Secret>& values) {
  if (values.size() > kMaxFields) {
    return InvalidField("secrets", fmt::format("are more than {}", kMaxFields));
  }
  for (const auto& [field, value] : values) {
    if (!IsFieldName(field)) {
      return InvalidField("secrets", "names are lower-case letters, digits and '_'");
    }
    if (value.empty()) return InvalidField(field, "is empty");
  }
  return absl::OkStatus();
}

// Mistakes of ours, not of who asked.
absl::Status CheckUse(const Use& use) {
  std::vector<std::string> all = use.fields;
  all.insert(all.end(), use.optional_fields.begin(), use.optional_fields.end());
  if (use.owner.tenant.is_nil() || use.owner.id.is_nil() || all.empty() ||
      all.size() > 2 * kMaxFields || !std::ranges::all_of(all, IsFieldName)) {
    return absl::InternalError("a credential is used without saying whose and which");
  }
  if (use.target_host.empty() || use.target_host.size() > kMaxHostLength ||
      use.execution_id.size() > kMaxExecutionLength) {
    return absl::InternalError("a credential is used without saying for which host");
  }
  return absl::OkStatus();
}

UseRow RowOf(const Use& use, Uuid id) {
  return {.event = "opened",
          .use_id = id,
          .owner = use.owner,
          .fields = use.fields,
          .purpose = PurposeName(use.purpose),
          .target_host = use.target_host,
          .execution_id = use.execution_id,
          .user = use.caller.user,
          .api_key = use.caller.api_key,
          .service = use.caller.service,
          .request_id = use.caller.request_id};
}

absl::Status Missing(const std::string& field) {
  return WithReason(
      absl::FailedPreconditionError(fmt::format("the connector has no secret \"{}\"", field)),
      "CREDENTIAL_MISSING", {{"field", field}});
}

// The reason that the refusal has in the record, and for the caller.
absl::Status WithRefusal(absl::Status status) {
  if (!ReasonOf(status).empty()) return status;
  if (absl::IsDataLoss(status)) return WithReason(std::move(status), "CREDENTIAL_DAMAGED");
  return WithReason(std::move(status), "CREDENTIAL_UNAVAILABLE");
}

// One statement's worth of new versions, or none when the key is not the active one any more.
absl::StatusOr<std::vector<int64_t>> ReserveVersions(Connection& connection, const TenantKey& key,
                                                     size_t count) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(
                       credentials::kReserveValueVersions,
                       Params().Add(key.tenant).Add(key.version).Add(static_cast<int32_t>(count))));
  std::vector<int64_t> versions;
  for (int r = 0; r < rows.rows(); ++r) versions.push_back(rows.Get<int64_t>(r, 0));
  return versions;
}

absl::StatusOr<FieldsByOwner> ListFields(Connection& connection, TenantId tenant, OwnerKind kind,
                                         const std::vector<Uuid>& owners) {
  Array<Uuid> ids;
  for (const Uuid& owner : owners) ids.Append(owner);
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(
          credentials::kListFields,
          std::move(Params().Add(tenant).Add(OwnerKindName(kind)).Add(std::move(ids)))));
  FieldsByOwner fields;
  for (int r = 0; r < rows.rows(); ++r) {
    fields[rows.Get<Uuid>(r, 0)].push_back(
        {.name = rows.Get<std::string>(r, 1),
         .version = rows.Get<int64_t>(r, 2),
         .updated_at = rows.Get<absl::Time>(r, 3),
         .expire_at = rows.Get<std::optional<absl::Time>>(r, 4)});
  }
  return fields;
}

}  // namespace

std::string_view UseOutcomeName(UseOutcome outcome) {
  switch (outcome) {
    case UseOutcome::kSucceeded:
      return "succeeded";
    case UseOutcome::kRejected:
      return "rejected";
    case UseOutcome::kFailed:
      return "failed";
    case UseOutcome::kBlocked:
      return "blocked";
    case UseOutcome::kUnknown:
      return "unknown";
  }
  return "unknown";
}

CredentialStore::CredentialStore(postgres::Pool& pool, TenantKeys& keys, UseRecorder& recorder,
                                 std::unique_ptr<SecretSource> vault, const Clock& clock)
    : keys_(keys),
      recorder_(recorder),
      sealed_(std::make_unique<SealedSource>(pool, keys)),
      vault_(std::move(vault)),
      clock_(clock) {}

CredentialStore::~CredentialStore() = default;

absl::Status CredentialStore::Prepare(TenantId tenant) { return keys_.Active(tenant).status(); }

absl::Status CredentialStore::Put(Connection& connection, const CredentialOwner& owner,
                                  std::map<std::string, crypto::Secret> values,
                                  const PutOptions& options) {
  RETURN_IF_ERROR(CheckValues(values));
  if (values.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(TenantKeys::Key key, keys_.Active(owner.tenant));
  ASSIGN_OR_RETURN(std::vector<int64_t> versions, ReserveVersions(connection, *key, values.size()));
  if (versions.empty()) {  // rotated since
    keys_.Forget(owner.tenant);
    ASSIGN_OR_RETURN(key, keys_.Active(owner.tenant));
    ASSIGN_OR_RETURN(versions, ReserveVersions(connection, *key, values.size()));
  }
  if (versions.size() != values.size()) {
    return absl::InternalError("secrets are put outside of a transaction of their tenant");
  }
  std::vector<std::string> names;
  Array<std::string_view> fields;
  Array<int64_t> numbers;
  Array<postgres::Bytes> sealed;
  Array<absl::Time> ends;
  for (const auto& [field, value] : values) {
    const int64_t version = versions[names.size()];
    ASSIGN_OR_RETURN(const std::string bytes,
                     envelope::Seal(*key,
                                    {.tenant = owner.tenant,
                                     .owner_kind = OwnerKindName(owner.kind),
                                     .owner = owner.id,
                                     .field = field,
                                     .value_version = version},
                                    value.Reveal()));
    names.push_back(field);
    fields.Append(std::string_view(field));
    numbers.Append(version);
    sealed.Append(postgres::Bytes{bytes});
    const auto end = options.expire_at.find(field);
    end == options.expire_at.end() ? ends.AppendNull() : ends.Append(end->second);
  }
  Pipeline pipeline;
  pipeline.Add(credentials::kDropVersions,
               std::move(FieldParams(owner, names).Add(options.keep == KeepPrevious::kYes)));
  pipeline.Add(credentials::kSupersedeValues, FieldParams(owner, names));
  pipeline.Add(credentials::kInsertValues, std::move(OwnerParams(owner)
                                                         .Add(key->version)
                                                         .Add(std::move(fields))
                                                         .Add(std::move(numbers))
                                                         .Add(std::move(sealed))
                                                         .Add(std::move(ends))));
  const absl::Status put = pipeline.Run(connection).status();
  if (postgres::ConstraintOf(put) != "sealed_values_one_current") return put;
  return absl::AbortedError("these secrets were changed at the same time");
}

absl::Status CredentialStore::ForgetPrevious(Connection& connection, const CredentialOwner& owner,
                                             const std::vector<std::string>& fields) {
  return connection
      .Execute(credentials::kDropVersions, std::move(FieldParams(owner, fields).Add(true)))
      .status();
}

absl::Status CredentialStore::Remove(Connection& connection, const CredentialOwner& owner,
                                     const std::vector<std::string>& fields) {
  return connection
      .Execute(credentials::kDropVersions, std::move(FieldParams(owner, fields).Add(false)))
      .status();
}

absl::Status CredentialStore::RemoveAll(Connection& connection, const CredentialOwner& owner) {
  return connection.Execute(credentials::kRemoveValuesOfOwner, OwnerParams(owner)).status();
}

absl::StatusOr<std::vector<FieldInfo>> CredentialStore::Fields(Connection& connection,
                                                               const CredentialOwner& owner) {
  ASSIGN_OR_RETURN(FieldsByOwner fields,
                   ListFields(connection, owner.tenant, owner.kind, {owner.id}));
  return std::move(fields[owner.id]);
}

absl::StatusOr<FieldsByOwner> CredentialStore::FieldsOfConnectors(
    Connection& connection, TenantId tenant, const std::vector<Uuid>& connectors) {
  return ListFields(connection, tenant, OwnerKind::kConnector, connectors);
}

absl::StatusOr<LoadedSecrets> CredentialStore::Load(const Use& use, absl::Time deadline) {
  if (use.caller.tenant != use.owner.tenant) {
    return WithReason(absl::PermissionDeniedError("the credential is not the caller's tenant's"),
                      "CREDENTIAL_OF_ANOTHER_TENANT");
  }
  SecretSource* source = use.storage == SecretStorage::kVault ? vault_.get() : sealed_.get();
  if (source == nullptr) {
    return WithReason(absl::FailedPreconditionError(
                          "the connector's secrets are in a Vault, and none is configured"),
                      "CREDENTIAL_STORAGE_MISSING");
  }
  std::vector<std::string> all = use.fields;
  all.insert(all.end(), use.optional_fields.begin(), use.optional_fields.end());
  ASSIGN_OR_RETURN(LoadedSecrets loaded, source->Load({.owner = use.owner,
                                                       .fields = std::move(all),
                                                       .previous = use.previous,
                                                       .owner_version = use.owner_version},
                                                      deadline));
  for (const std::string& field : use.fields) {
    if (!loaded.contains(field)) return Missing(field);
  }
  return loaded;
}

absl::StatusOr<Opened> CredentialStore::Open(const Use& use, absl::Time deadline) {
  RETURN_IF_ERROR(CheckUse(use));
  UseRow row = RowOf(use, Uuid::MakeV7(clock_.Now()));
  absl::StatusOr<LoadedSecrets> loaded = Load(use, deadline);
  if (!loaded.ok()) {
    absl::Status refusal = WithRefusal(loaded.status());
    row.event = "refused";
    row.result = ReasonOf(refusal);
    // Without its row a refusal is as sure; but then it is the row that is amiss.
    RETURN_IF_ERROR(recorder_.Append(std::move(row), deadline));
    return refusal;
  }
  Opened opened{.credentials = {},
                .use = {.id = row.use_id, .owner = use.owner, .purpose = use.purpose},
                .versions = {}};
  row.fields.clear();
  for (auto& [field, secret] : *loaded) {
    row.fields.push_back(field);
    row.value_versions.push_back(secret.version);
    opened.versions[field] = secret.version;
    opened.credentials.Put(field, std::move(secret.value));
  }
  RETURN_IF_ERROR(recorder_.Append(std::move(row), deadline));
  return opened;
}

void CredentialStore::RecordOutcome(const UseId& use, UseOutcome outcome, int http_status) {
  recorder_.Queue({.event = "outcome",
                   .use_id = use.id,
                   .owner = use.owner,
                   .purpose = PurposeName(use.purpose),
                   .result = std::string(UseOutcomeName(outcome)),
                   .http_status = std::clamp(http_status, 0, 999)});
}

}  // namespace penstock::connector
