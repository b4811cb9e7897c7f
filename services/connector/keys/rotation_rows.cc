#include "services/connector/keys/rotation_rows.h"

#include <utility>

#include "libs/postgres/params.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/keys/rotation_queries.h"

namespace penstock::connector::rotation_rows {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

KeyRotation RowFrom(const Result& rows, int r) {
  return {.id = rows.Get<Uuid>(r, 0),
          .level = rows.Get<std::string>(r, 1),
          .of_tenant = rows.Get<std::optional<TenantId>>(r, 2),
          .destroy_previous = rows.Get<bool>(r, 3),
          .state = rows.Get<std::string>(r, 4),
          .at_tenant = rows.Get<TenantId>(r, 5),
          .at_version = rows.Get<int64_t>(r, 6),
          .rows_done = rows.Get<int64_t>(r, 7),
          .rows_total = rows.Get<int64_t>(r, 8),
          .rows_damaged = rows.Get<int64_t>(r, 9),
          .rows_left = rows.Get<std::optional<int64_t>>(r, 10),
          .error = rows.Get<std::string>(r, 11),
          .started_by = rows.Get<std::string>(r, 12),
          .created_at = rows.Get<absl::Time>(r, 13),
          .updated_at = rows.Get<absl::Time>(r, 14),
          .ended_at = rows.Get<std::optional<absl::Time>>(r, 15)};
}

absl::StatusOr<std::optional<KeyRotation>> One(const absl::StatusOr<Result>& rows) {
  RETURN_IF_ERROR(rows.status());
  if (rows->rows() == 0) return std::nullopt;
  return RowFrom(*rows, 0);
}

}  // namespace

absl::StatusOr<KeyRotation> Insert(Connection& connection, const KeyRotation& rotation) {
  const absl::StatusOr<Result> rows =
      connection.Execute(keys::kInsertRotation, Params()
                                                    .Add(rotation.id)
                                                    .Add(rotation.level)
                                                    .Add(rotation.of_tenant)
                                                    .Add(rotation.destroy_previous)
                                                    .Add(rotation.started_by));
  if (rows.ok()) return RowFrom(*rows, 0);
  if (postgres::ConstraintOf(rows.status()) != "key_rotations_one_running") return rows.status();
  return WithReason(absl::FailedPreconditionError("another rotation of keys is running"),
                    "ROTATION_RUNNING");
}

absl::StatusOr<std::optional<KeyRotation>> Load(Connection& connection, Uuid id) {
  return One(connection.Execute(keys::kLoadRotation, Params().Add(id)));
}

absl::StatusOr<std::vector<KeyRotation>> List(Connection& connection, std::optional<Uuid> before,
                                              int limit) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(keys::kListRotations,
                                      Params().Add(before).Add(static_cast<int64_t>(limit))));
  std::vector<KeyRotation> rotations;
  for (int r = 0; r < rows.rows(); ++r) rotations.push_back(RowFrom(rows, r));
  return rotations;
}

absl::StatusOr<int64_t> Count(Connection& connection) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(keys::kCountRotations));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<std::optional<KeyRotation>> Cancel(Connection& connection, Uuid id,
                                                  const std::string& why) {
  return One(connection.Execute(keys::kCancelRotation, Params().Add(id).Add(why)));
}

absl::StatusOr<KeyRotation> NoteDestruction(Connection& connection, Uuid id, TenantId tenant,
                                            int64_t destroyed, const std::string& started_by) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(keys::kNoteDestruction,
                                      Params().Add(id).Add(tenant).Add(destroyed).Add(started_by)));
  return RowFrom(row, 0);
}

absl::StatusOr<std::optional<KeyRotation>> Claim(Connection& connection, Uuid worker,
                                                 absl::Duration lease) {
  return One(connection.Execute(keys::kClaimRotation,
                                Params().Add(worker).Add(absl::ToDoubleSeconds(lease))));
}

absl::StatusOr<KeyRotation> Hold(Connection& connection, Uuid id, Uuid worker) {
  ASSIGN_OR_RETURN(std::optional<KeyRotation> rotation,
                   One(connection.Execute(keys::kHoldRotation, Params().Add(id).Add(worker))));
  if (rotation) return *std::move(rotation);
  return WithReason(absl::AbortedError("the rotation was cancelled, or another carries it on"),
                    postgres::kOwnershipLost);
}

absl::Status Advance(Connection& connection, Uuid id, TenantId at_tenant, int64_t at_version,
                     int64_t done, int64_t damaged) {
  return connection
      .Execute(keys::kAdvanceRotation,
               Params().Add(id).Add(at_tenant).Add(at_version).Add(done).Add(damaged))
      .status();
}

absl::Status Restart(Connection& connection, Uuid id) {
  return connection.Execute(keys::kRestartRotation, Params().Add(id)).status();
}

absl::Status End(Connection& connection, Uuid id, const std::string& state, int64_t left,
                 const std::string& error) {
  return connection.Execute(keys::kEndRotation, Params().Add(id).Add(state).Add(left).Add(error))
      .status();
}

}  // namespace penstock::connector::rotation_rows
