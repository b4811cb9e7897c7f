#include "services/connector/credentials/key_rotator.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/crypto/aead.h"
#include "libs/log/log.h"
#include "libs/postgres/params.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/credentials/queries.h"
#include "services/connector/keys/envelope.h"
#include "services/connector/keys/rotation_queries.h"
#include "services/connector/keys/rotation_rows.h"

namespace penstock::connector {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::RunInTransaction;
using postgres::RunInTransactionReturning;

struct WrappedKey {
  TenantId tenant;
  int32_t version = 0;
  std::string root_key_id, wrapped;
};

absl::StatusOr<std::vector<WrappedKey>> ListKeysToRewrap(Connection& connection,
                                                         const KeyRotation& rotation, int limit) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(keys::kListKeysToRewrap,
                                      Params()
                                          .Add(rotation.at_tenant)
                                          .Add(static_cast<int32_t>(rotation.at_version))
                                          .Add(rotation.of_tenant)
                                          .Add(static_cast<int64_t>(limit))));
  std::vector<WrappedKey> found;
  for (int r = 0; r < rows.rows(); ++r) {
    found.push_back({rows.Get<TenantId>(r, 0), rows.Get<int32_t>(r, 1), rows.Get<std::string>(r, 2),
                     rows.Get<std::string>(r, 3)});
  }
  return found;
}

// The rotation opens values to seal them anew: on record as every opening is, in the transaction
// that does it.
absl::Status RecordResealing(Connection& connection, const Result& rows,
                             const std::vector<int>& resealed, const KeyRotation& rotation,
                             absl::Time now) {
  Array<std::string_view> events, kinds, fields, versions, purposes, empty, services, requests;
  Array<Uuid> uses, owners, nobody;
  Array<int32_t> statuses;
  for (const int r : resealed) {
    events.Append(std::string_view("opened"));
    uses.Append(Uuid::MakeV7(now));
    kinds.Append(rows.Get<std::string_view>(r, 1));
    owners.Append(rows.Get<Uuid>(r, 2));
    fields.Append(rows.Get<std::string_view>(r, 3));
    versions.Append(std::to_string(rows.Get<int64_t>(r, 0)));
    purposes.Append(std::string_view("reseal"));
    empty.Append(std::string_view());
    nobody.AppendNull();
    services.Append(std::string_view("connector-service"));
    requests.Append(rotation.id.ToString());
    statuses.Append(0);
  }
  return connection
      .Execute(credentials::kAppendCredentialAudit, Params()
                                                        .Add(events)
                                                        .Add(uses)
                                                        .Add(kinds)
                                                        .Add(owners)
                                                        .Add(fields)
                                                        .Add(versions)
                                                        .Add(purposes)
                                                        .Add(empty)
                                                        .Add(empty)
                                                        .Add(nobody)
                                                        .Add(nobody)
                                                        .Add(services)
                                                        .Add(requests)
                                                        .Add(empty)
                                                        .Add(statuses))
      .status();
}

absl::StatusOr<std::string> Moved(const KeyRotation& rotation, const TenantKey& from,
                                  const TenantKey& to, const envelope::Place& place,
                                  std::string_view sealed) {
  if (rotation.level == "tenant") return envelope::Rewrap(from, to, place, sealed);
  ASSIGN_OR_RETURN(const crypto::Secret value, envelope::Open(from, place, sealed));
  return envelope::Seal(to, place, value.Reveal());
}

}  // namespace

absl::Status KeyRotator::Run() {
  int rows_left = options_.rows_per_run;
  while (rows_left > 0) {
    ASSIGN_OR_RETURN(const std::optional<KeyRotation> rotation,
                     RunInTransactionReturning<std::optional<KeyRotation>>(
                         pool_, {}, [&](Connection& connection) {
                           return rotation_rows::Claim(connection, options_.worker, options_.lease);
                         }));
    if (!rotation) return absl::OkStatus();
    const absl::Status status = RunBatch(*rotation, rows_left);
    // Cancelled or taken over: what was begun has been rolled back.
    if (ReasonOf(status) == postgres::kOwnershipLost) return absl::OkStatus();
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status KeyRotator::RunBatch(const KeyRotation& rotation, int& rows_left) {
  const bool is_root = rotation.level == "root";
  // The beginning: no tenant has the nil id.
  if (!is_root && rotation.at_tenant.is_nil()) {
    --rows_left;
    return NextTenant(rotation);
  }
  ASSIGN_OR_RETURN(const int rows, is_root ? WrapUnderRoot(rotation) : MoveValues(rotation));
  rows_left -= std::max(rows, 1);
  if (rows > 0) return absl::OkStatus();
  return is_root ? Finish(rotation) : NextTenant(rotation);
}

// Asks the root key outside of any transaction; the write takes only what is as it was read.
absl::StatusOr<int> KeyRotator::WrapUnderRoot(const KeyRotation& rotation) {
  ASSIGN_OR_RETURN(
      std::vector<WrappedKey> found,
      RunInTransactionReturning<std::vector<WrappedKey>>(pool_, {}, [&](Connection& connection) {
        return ListKeysToRewrap(connection, rotation, options_.batch_rows);
      }));
  if (found.empty()) return 0;
  const RootKey& active = roots_.active();
  std::vector<std::string> rewrapped;
  int64_t damaged = 0;
  for (const WrappedKey& key : found) {
    const std::string associated = TenantKeyAssociated(key.tenant, key.version);
    const RootKey* root = roots_.Find(key.root_key_id);
    absl::StatusOr<crypto::Secret> bytes = absl::DataLossError("its root key is not at hand");
    if (root != nullptr) bytes = root->Unwrap(key.wrapped, associated);
    if (!bytes.ok() && !absl::IsDataLoss(bytes.status())) return bytes.status();
    damaged += !bytes.ok();
    rewrapped.emplace_back();
    if (!bytes.ok()) continue;
    ASSIGN_OR_RETURN(rewrapped.back(), active.Wrap(*bytes, associated));
  }
  RETURN_IF_ERROR(RunInTransaction(pool_, {}, [&](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(rotation_rows::Hold(connection, rotation.id, options_.worker).status());
    ASSIGN_OR_RETURN(const Result root,
                     connection.Execute(keys::kLockRootKey, Params().Add(active.id())));
    if (root.rows() == 0) {
      return absl::FailedPreconditionError("the root key at hand is retired in this database");
    }
    for (size_t i = 0; i < found.size(); ++i) {
      if (rewrapped[i].empty()) continue;
      RETURN_IF_ERROR(
          connection
              .Execute(keys::kRewrapTenantKey, Params()
                                                   .Add(found[i].tenant)
                                                   .Add(found[i].version)
                                                   .Add(active.id())
                                                   .Add(postgres::Bytes{rewrapped[i]})
                                                   .Add(postgres::Bytes{found[i].wrapped}))
              .status());
    }
    return rotation_rows::Advance(connection, rotation.id, found.back().tenant,
                                  found.back().version,
                                  static_cast<int64_t>(found.size()) - damaged, damaged);
  }));
  return static_cast<int>(found.size());
}

// The key that values of the tenant go under; none when its keys are destroyed.
absl::StatusOr<TenantKeys::Key> KeyRotator::TargetKey(const KeyRotation& rotation) {
  bool is_made = rotation.level == "data";
  int32_t active = 0, last = 0;
  RETURN_IF_ERROR(RunInTransaction(pool_, {}, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const Result rows,
                     connection.Execute(keys::kListTenantKeys, Params().Add(rotation.at_tenant)));
    for (int r = 0; r < rows.rows(); ++r) {
      last = rows.Get<int32_t>(r, 0);
      if (rows.Get<std::string_view>(r, 3) == "active") active = last;
      is_made |= rows.Get<std::optional<Uuid>>(r, 4) == rotation.id;
    }
    return absl::OkStatus();
  }));
  if (active == 0) return nullptr;
  if (!is_made) return MakeTargetKey(rotation, last + 1);
  return keys_.Version(rotation.at_tenant, active);
}

absl::StatusOr<TenantKeys::Key> KeyRotator::MakeTargetKey(const KeyRotation& rotation,
                                                          int32_t version) {
  const TenantId tenant = rotation.at_tenant;
  const RootKey& root = roots_.active();
  ASSIGN_OR_RETURN(const std::string wrapped,
                   root.Wrap(crypto::Secret::Random(crypto::kAeadKeyBytes),
                             TenantKeyAssociated(tenant, version)));
  RETURN_IF_ERROR(RunInTransaction(pool_, {}, [&](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(rotation_rows::Hold(connection, rotation.id, options_.worker).status());
    // Waits for whoever is writing a value under it.
    ASSIGN_OR_RETURN(const Result retired,
                     connection.Execute(keys::kRetireTenantKey, Params().Add(tenant)));
    if (retired.affected_rows() == 0) return absl::OkStatus();  // destroyed since
    return connection
        .Execute(keys::kInsertRotatedTenantKey, Params()
                                                    .Add(tenant)
                                                    .Add(version)
                                                    .Add(root.id())
                                                    .Add(postgres::Bytes{wrapped})
                                                    .Add(rotation.id))
        .status();
  }));
  keys_.Forget(tenant);
  return keys_.Version(tenant, version);
}

absl::StatusOr<KeyRotator::Versions> KeyRotator::ReadableKeys(TenantId tenant) {
  std::vector<int32_t> versions;
  RETURN_IF_ERROR(RunInTransaction(pool_, {}, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const Result rows,
                     connection.Execute(keys::kListTenantKeys, Params().Add(tenant)));
    for (int r = 0; r < rows.rows(); ++r) {
      if (rows.Get<std::string_view>(r, 3) != "destroyed") {
        versions.push_back(rows.Get<int32_t>(r, 0));
      }
    }
    return absl::OkStatus();
  }));
  Versions readable;
  for (const int32_t version : versions) {
    absl::StatusOr<TenantKeys::Key> key = keys_.Version(tenant, version);
    // One that does not unwrap leaves its values where they are, counted as damaged.
    if (!key.ok() && !absl::IsDataLoss(key.status())) return key.status();
    if (key.ok()) readable[version] = *std::move(key);
  }
  return readable;
}

absl::StatusOr<int> KeyRotator::MoveValues(const KeyRotation& rotation) {
  ASSIGN_OR_RETURN(const TenantKeys::Key to, TargetKey(rotation));
  if (to == nullptr) return 0;
  ASSIGN_OR_RETURN(const Versions from, ReadableKeys(rotation.at_tenant));
  ASSIGN_OR_RETURN(const Cursor moved, RunInTransactionReturning<Cursor>(
                                           pool_, {.tenant = rotation.at_tenant},
                                           [&](Connection& connection) -> absl::StatusOr<Cursor> {
                                             return MoveBatch(connection, rotation, *to, from);
                                           }));
  return static_cast<int>(moved.done + moved.damaged);
}

absl::StatusOr<KeyRotator::Cursor> KeyRotator::MoveBatch(Connection& connection,
                                                         const KeyRotation& rotation,
                                                         const TenantKey& to,
                                                         const Versions& from) {
  Cursor cursor{.tenant = rotation.at_tenant, .version = rotation.at_version};
  RETURN_IF_ERROR(rotation_rows::Hold(connection, rotation.id, options_.worker).status());
  ASSIGN_OR_RETURN(const Result key, connection.Execute(keys::kLockActiveTenantKey,
                                                        Params().Add(to.tenant).Add(to.version)));
  if (key.rows() == 0) return cursor;  // destroyed since
  const bool reseal = rotation.level == "data";
  Params which;
  which.Add(cursor.tenant).Add(cursor.version);
  reseal ? which.Add(rotation.created_at) : which.Add(to.version);
  which.Add(static_cast<int64_t>(options_.batch_rows));
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(reseal ? keys::kLockValuesToReseal : keys::kLockValuesToRewrap, which));
  if (rows.rows() == 0) return cursor;
  Array<int64_t> versions;
  Array<postgres::Bytes> sealed;
  std::vector<int> moved;
  for (int r = 0; r < rows.rows(); ++r) {
    cursor.version = rows.Get<int64_t>(r, 0);
    const auto owner_kind = rows.Get<std::string>(r, 1), field = rows.Get<std::string>(r, 3);
    const auto key_of_row = from.find(rows.Get<int32_t>(r, 4));
    absl::StatusOr<std::string> bytes = absl::DataLossError("its key does not unwrap");
    if (key_of_row != from.end()) {
      bytes = Moved(rotation, *key_of_row->second, to,
                    {.tenant = cursor.tenant,
                     .owner_kind = owner_kind,
                     .owner = rows.Get<Uuid>(r, 2),
                     .field = field,
                     .value_version = cursor.version},
                    rows.Get<std::string_view>(r, 5));
    }
    if (!bytes.ok()) {
      ++cursor.damaged;
      continue;
    }
    ++cursor.done;
    moved.push_back(r);
    versions.Append(cursor.version);
    sealed.Append(postgres::Bytes{*bytes});
  }
  if (reseal && !moved.empty()) {
    RETURN_IF_ERROR(RecordResealing(connection, rows, moved, rotation, clock_.Now()));
  }
  RETURN_IF_ERROR(
      connection
          .Execute(reseal ? keys::kPutResealedValues : keys::kPutRewrappedValues,
                   Params().Add(cursor.tenant).Add(to.version).Add(versions).Add(sealed))
          .status());
  RETURN_IF_ERROR(rotation_rows::Advance(connection, rotation.id, cursor.tenant, cursor.version,
                                         cursor.done, cursor.damaged));
  return cursor;
}

absl::Status KeyRotator::NextTenant(const KeyRotation& rotation) {
  bool is_last = false;
  RETURN_IF_ERROR(RunInTransaction(pool_, {}, [&](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(rotation_rows::Hold(connection, rotation.id, options_.worker).status());
    ASSIGN_OR_RETURN(const Result next,
                     connection.Execute(keys::kNextTenantToRotate,
                                        Params().Add(rotation.at_tenant).Add(rotation.of_tenant)));
    is_last = next.rows() == 0;
    if (is_last) return absl::OkStatus();
    return rotation_rows::Advance(connection, rotation.id, next.Get<TenantId>(0, 0), 0, 0, 0);
  }));
  return is_last ? Finish(rotation) : absl::OkStatus();
}

absl::StatusOr<int64_t> KeyRotator::CountLeft(Connection& connection, const KeyRotation& rotation) {
  Params params;
  if (rotation.level == "root") params.Add(roots_.active().id());
  if (rotation.level == "data") params.Add(rotation.created_at);
  params.Add(rotation.of_tenant);
  ASSIGN_OR_RETURN(const Result count,
                   connection.Execute(rotation.level == "root"     ? keys::kCountUnderOtherRoots
                                      : rotation.level == "tenant" ? keys::kCountUnderOldKeys
                                                                   : keys::kCountOldDataKeys,
                                      params));
  return count.Get<int64_t>(0, 0);
}

absl::Status KeyRotator::DestroyPrevious(Connection& connection, const KeyRotation& rotation) {
  if (rotation.level == "root") {
    return connection.Execute(keys::kDestroyOldRootKeys).status();
  }
  return connection.Execute(keys::kDestroyOldTenantKeys, Params().Add(rotation.of_tenant)).status();
}

// What is locked first can't be written under any more when it is counted.
absl::Status KeyRotator::Finish(const KeyRotation& rotation) {
  return RunInTransaction(pool_, {}, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const KeyRotation now,
                     rotation_rows::Hold(connection, rotation.id, options_.worker));
    if (rotation.level == "root") {
      RETURN_IF_ERROR(connection.Execute(keys::kLockOldRootKeys).status());
    } else {
      RETURN_IF_ERROR(
          connection.Execute(keys::kLockOldTenantKeys, Params().Add(rotation.of_tenant)).status());
    }
    ASSIGN_OR_RETURN(const int64_t left, CountLeft(connection, rotation));
    if (left > now.rows_damaged) return rotation_rows::Restart(connection, rotation.id);
    if (left > 0) {
      log::Error("a rotation of keys failed", {{"rotation", rotation.id}, {"left", left}});
      return rotation_rows::End(connection, rotation.id, "failed", left,
                                fmt::format("{} can't be read and stay under the old key", left));
    }
    if (rotation.destroy_previous) RETURN_IF_ERROR(DestroyPrevious(connection, rotation));
    log::Info("a rotation of keys is done", {{"rotation", rotation.id}, {"rows", now.rows_done}});
    return rotation_rows::End(connection, rotation.id, "succeeded", 0, "");
  });
}

}  // namespace penstock::connector
