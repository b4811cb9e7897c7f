#include "libs/postgres/sqlstate.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"

namespace penstock::postgres {
namespace {

absl::Status FromState(std::string_view sqlstate) {
  return StatusFromServerError("query", {.sqlstate = sqlstate, .message = "words", .constraint = ""});
}

TEST_CASE("each SQLSTATE has its code and reason") {
  struct Expected {
    const char* sqlstate;
    absl::StatusCode code;
    const char* reason;
  };
  const Expected all[] = {
      {"08006", absl::StatusCode::kUnavailable, "CONNECTION_LOST"},
      {"57P01", absl::StatusCode::kUnavailable, "CONNECTION_LOST"},
      {"57P03", absl::StatusCode::kUnavailable, "CONNECTION_LOST"},
      {"57014", absl::StatusCode::kCancelled, "QUERY_CANCELLED"},
      {"08007", absl::StatusCode::kUnknown, "COMMIT_IN_DOUBT"},
      {"40001", absl::StatusCode::kAborted, "SERIALIZATION_FAILURE"},
      {"40P01", absl::StatusCode::kAborted, "DEADLOCK_DETECTED"},
      {"23505", absl::StatusCode::kAlreadyExists, "UNIQUE_VIOLATION"},
      {"23503", absl::StatusCode::kFailedPrecondition, "FOREIGN_KEY_VIOLATION"},
      {"23514", absl::StatusCode::kInvalidArgument, "CHECK_VIOLATION"},
      {"23502", absl::StatusCode::kInvalidArgument, "NOT_NULL_VIOLATION"},
      {"22P02", absl::StatusCode::kInvalidArgument, "INVALID_VALUE"},
      {"42501", absl::StatusCode::kPermissionDenied, "INSUFFICIENT_PRIVILEGE"},
      {"28P01", absl::StatusCode::kPermissionDenied, "AUTHENTICATION_FAILED"},
      {"53300", absl::StatusCode::kResourceExhausted, "DATABASE_RESOURCES"},
      {"25006", absl::StatusCode::kUnavailable, "READ_ONLY"},
      {"PS001", absl::StatusCode::kAborted, "OWNERSHIP_LOST"},
      {"PS002", absl::StatusCode::kFailedPrecondition, "ALREADY_ENDED"},
      {"42601", absl::StatusCode::kInternal, "DATABASE_ERROR"},
  };
  for (const Expected& expected : all) {
    CAPTURE(expected.sqlstate);
    CHECK(FromState(expected.sqlstate).code() == expected.code);
    CHECK(ReasonOf(FromState(expected.sqlstate)) == expected.reason);
  }
}

TEST_CASE("only serialization failures and deadlocks are conflicts to retry") {
  CHECK(IsRetryableConflict(FromState("40001")));
  CHECK(IsRetryableConflict(FromState("40P01")));
  CHECK_FALSE(IsRetryableConflict(FromState("PS001")));  // ABORTED as well
  CHECK_FALSE(IsRetryableConflict(absl::AbortedError("an etag did not match")));
  CHECK_FALSE(IsRetryableConflict(absl::OkStatus()));
}

TEST_CASE("a message that quotes a value is replaced") {
  absl::Status status = StatusFromServerError(
      "query", {.sqlstate = "22P02", .message = "invalid input: \"hunter2\"", .constraint = ""});
  CHECK(status.ToString().find("hunter2") == std::string::npos);
}

}  // namespace
}  // namespace penstock::postgres
