// The one map from PostgreSQL's error codes to absl::Status.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace penstock::postgres {

// Reasons (ReasonOf in libs/status/details.h) that callers decide by.
inline constexpr std::string_view kCommitInDoubt = "COMMIT_IN_DOUBT";
inline constexpr std::string_view kConnectionLost = "CONNECTION_LOST";
inline constexpr std::string_view kSerializationFailure = "SERIALIZATION_FAILURE";
inline constexpr std::string_view kDeadlockDetected = "DEADLOCK_DETECTED";
inline constexpr std::string_view kOwnershipLost = "OWNERSHIP_LOST";
inline constexpr std::string_view kSharedSession = "SHARED_SESSION";
inline constexpr std::string_view kAlreadyEnded = "ALREADY_ENDED";

// What the server said of an error. Its DETAIL, HINT and CONTEXT are left out on purpose: they quote rows and parameters.
struct ServerError {
  std::string_view sqlstate;
  std::string_view message;
  std::string_view constraint;  // empty if none
};

// `statement` names what failed. The message names the constraint where there is one and never holds a value of a row or parameter;
// ErrorInfo carries the reason and, as metadata, "sqlstate", "statement" and "constraint".
absl::Status StatusFromServerError(std::string_view statement, const ServerError& error);

// True when nothing of the transaction happened and running it again may succeed.
bool IsRetryableConflict(const absl::Status& status);

// The constraint that refused the statement, or empty.
std::string ConstraintOf(const absl::Status& status);

}  // namespace penstock::postgres
