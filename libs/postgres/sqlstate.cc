#include "libs/postgres/sqlstate.h"

#include <map>

#include "fmt/format.h"
#include "libs/status/details.h"

namespace penstock::postgres {
namespace {

using Code = absl::StatusCode;

struct Rule {
  std::string_view prefix;  // of the SQLSTATE: five characters, or a class's two or three
  Code code;
  std::string_view reason;
};

// The first match decides, so exact codes come before their class.
constexpr Rule kRules[] = {
    {"PS001", Code::kAborted, kOwnershipLost},
    {"PS002", Code::kFailedPrecondition, kAlreadyEnded},
    {"40001", Code::kAborted, kSerializationFailure},
    {"40P01", Code::kAborted, kDeadlockDetected},
    {"40003", Code::kUnknown, kCommitInDoubt},
    {"40", Code::kAborted, "TRANSACTION_ROLLED_BACK"},
    {"08007", Code::kUnknown, kCommitInDoubt},
    {"08", Code::kUnavailable, kConnectionLost},
    {"57014", Code::kCancelled, "QUERY_CANCELLED"},
    {"57P", Code::kUnavailable, kConnectionLost},
    {"25006", Code::kUnavailable, "READ_ONLY"},
    {"25P03", Code::kUnavailable, kConnectionLost},
    {"23505", Code::kAlreadyExists, "UNIQUE_VIOLATION"},
    {"23503", Code::kFailedPrecondition, "FOREIGN_KEY_VIOLATION"},
    {"23502", Code::kInvalidArgument, "NOT_NULL_VIOLATION"},
    {"23514", Code::kInvalidArgument, "CHECK_VIOLATION"},
    {"23", Code::kFailedPrecondition, "CONSTRAINT_VIOLATION"},
    {"22", Code::kInvalidArgument, "INVALID_VALUE"},
    {"54", Code::kInvalidArgument, "LIMIT_EXCEEDED"},
    {"42P04", Code::kAlreadyExists, "DATABASE_EXISTS"},
    {"42501", Code::kPermissionDenied, "INSUFFICIENT_PRIVILEGE"},
    {"28", Code::kPermissionDenied, "AUTHENTICATION_FAILED"},
    {"3D000", Code::kFailedPrecondition, "NO_SUCH_DATABASE"},
    {"53", Code::kResourceExhausted, "DATABASE_RESOURCES"},
    {"55P03", Code::kAborted, "LOCK_NOT_AVAILABLE"},
    {"P0001", Code::kFailedPrecondition, "RAISED"},
};

// A code no rule knows is a defect of ours or of the database.
constexpr Rule kUnknownRule{"", Code::kInternal, "DATABASE_ERROR"};

const Rule& RuleFor(std::string_view sqlstate) {
  for (const Rule& rule : kRules) {
    if (sqlstate.starts_with(rule.prefix)) return rule;
  }
  return kUnknownRule;
}

// Class 22 ("data exception") quotes the value in its primary message; the others name objects only.
bool MessageQuotesValues(std::string_view sqlstate) { return sqlstate.starts_with("22"); }

}  // namespace

absl::Status StatusFromServerError(std::string_view statement, const ServerError& error) {
  const Rule& rule = RuleFor(error.sqlstate);
  std::string_view message =
      MessageQuotesValues(error.sqlstate) ? "a value does not fit its type or range" : error.message;
  std::map<std::string, std::string> metadata = {{"sqlstate", std::string(error.sqlstate)},
                                                 {"statement", std::string(statement)}};
  if (!error.constraint.empty()) metadata["constraint"] = std::string(error.constraint);
  return WithReason(
      absl::Status(rule.code, fmt::format("{}: {} ({})", statement, message, error.sqlstate)),
      rule.reason, metadata);
}

bool IsRetryableConflict(const absl::Status& status) {
  std::string reason = ReasonOf(status);
  return reason == kSerializationFailure || reason == kDeadlockDetected;
}

std::string ConstraintOf(const absl::Status& status) { return MetadataOf(status, "constraint"); }

}  // namespace penstock::postgres
