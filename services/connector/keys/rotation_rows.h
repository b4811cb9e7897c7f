// Rotations in the database. All of it is for the admin role: a rotation spans tenants.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "services/connector/keys/key_rotation.h"

namespace penstock::connector::rotation_rows {

// FAILED_PRECONDITION (ROTATION_RUNNING) while another runs.
absl::StatusOr<KeyRotation> Insert(postgres::Connection& connection, const KeyRotation& rotation);
absl::StatusOr<std::optional<KeyRotation>> Load(postgres::Connection& connection, Uuid id);
absl::StatusOr<std::vector<KeyRotation>> List(postgres::Connection& connection,
                                              std::optional<Uuid> before, int limit);
absl::StatusOr<int64_t> Count(postgres::Connection& connection);
// None when it does not run.
absl::StatusOr<std::optional<KeyRotation>> Cancel(postgres::Connection& connection, Uuid id,
                                                  const std::string& why);
absl::StatusOr<KeyRotation> NoteDestruction(postgres::Connection& connection, Uuid id,
                                            TenantId tenant, int64_t destroyed,
                                            const std::string& started_by);

// The one that runs, if nobody else works at it.
absl::StatusOr<std::optional<KeyRotation>> Claim(postgres::Connection& connection, Uuid worker,
                                                 absl::Duration lease);
// The same row, locked; ABORTED (OWNERSHIP_LOST) when it was cancelled or taken over.
absl::StatusOr<KeyRotation> Hold(postgres::Connection& connection, Uuid id, Uuid worker);
absl::Status Advance(postgres::Connection& connection, Uuid id, TenantId at_tenant,
                     int64_t at_version, int64_t done, int64_t damaged);
absl::Status Restart(postgres::Connection& connection, Uuid id);
absl::Status End(postgres::Connection& connection, Uuid id, const std::string& state, int64_t left,
                 const std::string& error);

}  // namespace penstock::connector::rotation_rows
