#include "services/connector/keys/tenant_keys.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "fmt/format.h"
#include "libs/crypto/aead.h"
#include "libs/postgres/params.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/keys/queries.h"

namespace penstock::connector {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

std::string TenantKeyAssociated(TenantId tenant, int32_t version) {
  return crypto::JoinAssociated(
      {"penstock connector tenant key", tenant.uuid().as_string_view(), std::to_string(version)});
}

TenantKeys::TenantKeys(const RootKeyring& roots, postgres::Pool& pool, const Clock& clock,
                       Options options)
    : roots_(roots), pool_(pool), clock_(clock), options_(options) {}

absl::StatusOr<TenantKeys::Key> TenantKeys::Active(TenantId tenant) {
  return Get({tenant, kActive});
}

absl::StatusOr<TenantKeys::Key> TenantKeys::Version(TenantId tenant, int32_t version) {
  return Get({tenant, version});
}

absl::StatusOr<TenantKeys::Key> TenantKeys::Get(const Name& name) {
  if (std::optional<Key> key = FindFresh(name)) return *key;
  absl::MutexLock lock(&loading_[absl::HashOf(name.first) % loading_.size()]);
  if (std::optional<Key> key = FindFresh(name)) return *key;
  absl::StatusOr<Key> key = Load(name);
  if (!key.ok()) return Stale(name, key.status());
  Keep(name, *key);
  return key;
}

std::optional<TenantKeys::Key> TenantKeys::FindFresh(const Name& name) {
  absl::MutexLock lock(&mutex_);
  auto found = entries_.find(name);
  if (found == entries_.end() || clock_.Now() >= found->second.try_at) return std::nullopt;
  found->second.used_at = clock_.Now();
  return found->second.key;
}

// The copy at hand, when the key could not be loaded for a reason that may pass.
absl::StatusOr<TenantKeys::Key> TenantKeys::Stale(const Name& name, const absl::Status& why) {
  absl::MutexLock lock(&mutex_);
  auto found = entries_.find(name);
  if (found == entries_.end()) return why;
  const bool may_pass = absl::IsUnavailable(why) || absl::IsPermissionDenied(why) ||
                        absl::IsResourceExhausted(why) || absl::IsDeadlineExceeded(why);
  if (!may_pass || clock_.Now() >= found->second.loaded_at + options_.keep_for) {
    entries_.erase(found);
    return why;
  }
  found->second.try_at = clock_.Now() + options_.retry_after;
  found->second.used_at = clock_.Now();
  ++served_stale_;
  return found->second.key;
}

absl::StatusOr<TenantKeys::Key> TenantKeys::Load(const Name& name) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, LoadRow(name));
  if (row) return Unwrap(name.first, *row);
  if (name.second == kActive) return Make(name.first);
  return absl::DataLossError(
      fmt::format("version {} of the tenant's key is not in the database", name.second));
}

absl::StatusOr<TenantKeys::Key> TenantKeys::Make(TenantId tenant) {
  const RootKey& root = roots_.active();
  ASSIGN_OR_RETURN(
      const int32_t version,
      postgres::RunInTransactionReturning<int32_t>(
          pool_, {.tenant = tenant}, [&](Connection& connection) -> absl::StatusOr<int32_t> {
            ASSIGN_OR_RETURN(const Result row,
                             connection.Execute(keys::kNextTenantKeyVersion, Params().Add(tenant)));
            return row.Get<int32_t>(0, 0);
          }));
  const absl::StatusOr<std::string> wrapped = root.Wrap(
      crypto::Secret::Random(crypto::kAeadKeyBytes), TenantKeyAssociated(tenant, version));
  NoteRoot(wrapped.status());
  RETURN_IF_ERROR(wrapped.status());
  RETURN_IF_ERROR(postgres::RunInTransaction(
      pool_, {.tenant = tenant}, [&](Connection& connection) -> absl::Status {
        return connection
            .Execute(keys::kInsertTenantKey, Params().Add(tenant).Add(version).Add(root.id()).Add(
                                                 postgres::Bytes{*wrapped}))
            .status();
      }));
  // What is in the database counts: ours, or that of a replica that was faster.
  ASSIGN_OR_RETURN(const std::optional<Row> row, LoadRow({tenant, kActive}));
  if (row) return Unwrap(tenant, *row);
  return WithReason(absl::FailedPreconditionError(fmt::format(
                        "no key of the tenant can be made: the root key {} is retired or was not "
                        "checked against this database",
                        root.id())),
                    "ROOT_KEY_DESTROYED", {{"root_key", root.id()}});
}

absl::StatusOr<std::optional<TenantKeys::Row>> TenantKeys::LoadRow(const Name& name) {
  const auto& [tenant, version] = name;
  Params params;
  params.Add(tenant);
  if (version != kActive) params.Add(version);
  return postgres::RunInTransactionReturning<std::optional<Row>>(
      pool_, {.tenant = tenant},
      [&, version = version](Connection& connection) -> absl::StatusOr<std::optional<Row>> {
        ASSIGN_OR_RETURN(
            const Result rows,
            connection.Execute(
                version == kActive ? keys::kLoadActiveTenantKey : keys::kLoadTenantKey, params));
        if (rows.rows() == 0) return std::nullopt;
        return Row{.version = rows.Get<int32_t>(0, 0),
                   .root_key_id = rows.Get<std::string>(0, 1),
                   .wrapped = rows.Get<std::optional<std::string>>(0, 2).value_or(""),
                   .state = rows.Get<std::string>(0, 3)};
      });
}

absl::StatusOr<TenantKeys::Key> TenantKeys::Unwrap(TenantId tenant, const Row& row) {
  if (row.state == "destroyed") {
    return WithReason(absl::FailedPreconditionError(
                          "the tenant's key was destroyed: what was sealed under it is gone"),
                      "KEY_DESTROYED", {{"key_version", std::to_string(row.version)}});
  }
  const RootKey* root = roots_.Find(row.root_key_id);
  if (root == nullptr) {
    return WithReason(absl::FailedPreconditionError(
                          fmt::format("the root key {} is not at hand", row.root_key_id)),
                      "ROOT_KEY_MISSING", {{"root_key", row.root_key_id}});
  }
  absl::StatusOr<crypto::Secret> bytes =
      root->Unwrap(row.wrapped, TenantKeyAssociated(tenant, row.version));
  NoteRoot(bytes.status());
  RETURN_IF_ERROR(bytes.status());
  if (bytes->size() != crypto::kAeadKeyBytes) {
    return absl::DataLossError("a tenant's key is not of the right size");
  }
  return std::make_shared<const TenantKey>(
      TenantKey{.tenant = tenant, .version = row.version, .bytes = *std::move(bytes)});
}

void TenantKeys::Keep(const Name& name, const Key& key) {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  entries_[name] = {key, now, now + options_.fresh_for, now};
  // The active one is some version, too.
  if (name.second == kActive) {
    entries_[{name.first, key->version}] = {key, now, now + options_.fresh_for, now};
  }
  while (entries_.size() > std::max<size_t>(options_.max_keys, 2)) {
    entries_.erase(std::ranges::min_element(
        entries_, {}, [](const auto& entry) { return entry.second.used_at; }));
  }
}

void TenantKeys::Forget(TenantId tenant) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(entries_, [&](const auto& entry) { return entry.first.first == tenant; });
}

void TenantKeys::NoteRoot(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  root_problem_ = status.ok() ? "" : std::string(status.message());
}

TenantKeys::Status TenantKeys::status() const {
  absl::MutexLock lock(&mutex_);
  return {.cached = entries_.size(),
          .max_keys = options_.max_keys,
          .root_problem = root_problem_,
          .served_stale = served_stale_};
}

}  // namespace penstock::connector
