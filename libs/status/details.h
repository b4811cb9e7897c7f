// Errors that say more than a code: google.rpc details carried as payloads of an absl::Status.
// libs/grpc puts them on the wire; nothing here knows gRPC.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"

namespace penstock {

// One field of a request that is wrong, and how.
struct FieldViolation {
  std::string field;        // path in the request, for example "workflow.name"
  std::string description;  // what is wrong and what would be right
};

// INVALID_ARGUMENT with one google.rpc.BadRequest field violation.
absl::Status InvalidField(std::string_view field, std::string_view description);

// INVALID_ARGUMENT with every violation; the message names the first and counts the rest.
absl::Status BadRequest(const std::vector<FieldViolation>& violations);

// Adds google.rpc.ErrorInfo {reason: UPPER_SNAKE_CASE, domain: "penstock", metadata}. No-op on OK.
absl::Status WithReason(absl::Status status, std::string_view reason,
                        const std::map<std::string, std::string>& metadata = {});

// Adds google.rpc.RetryInfo. No-op on OK.
absl::Status WithRetryAfter(absl::Status status, absl::Duration delay);

// Adds words of the caller in front of the message; keeps code and payloads. No-op on OK.
absl::Status WithContext(absl::Status status, std::string_view context);

// The reason of WithReason, or empty.
std::string ReasonOf(const absl::Status& status);

// The value of `key` in the metadata of WithReason, or empty.
std::string MetadataOf(const absl::Status& status, std::string_view key);

// The delay of WithRetryAfter, or zero.
absl::Duration RetryAfterOf(const absl::Status& status);

// The violations of BadRequest, or none.
std::vector<FieldViolation> ViolationsOf(const absl::Status& status);

}  // namespace penstock
