// Errors as RFC 7807 documents: {"type","title","status","detail","code","requestId"} and, where
// the request had wrong fields, "violations"; "grpcCode" where an RPC failed, "upstreamStatus"
// where a third party answered so. Every error of every HTTP endpoint of Penstock has this shape.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/http/message.h"
#include "libs/status/details.h"

namespace penstock::http {

struct Problem {
  int status = 500;
  std::string_view code;  // stable, UPPER_SNAKE_CASE; for programs
  std::string detail;     // a sentence for people; may quote input, it is escaped
  std::string request_id = {};
  absl::Duration retry_after =
      absl::ZeroDuration();  // Retry-After when positive, whole seconds, at least 1
  std::vector<FieldViolation> violations = {};
  std::string_view grpc_code = {};  // canonical code, "NOT_FOUND", of an error that was one
  int upstream_status = 0;          // what a third party answered; 0 = nobody did
};

Response ProblemResponse(const Problem& problem);

// The HTTP status of a canonical code, as grpc-gateway maps them.
int HttpStatusOf(absl::StatusCode code);

// A problem that says what `status` says: code = its reason (WithReason), else the canonical code's
// name. UNAVAILABLE is 502 when its reason (UPSTREAM_...) is that a third party failed, not we; the
// metadata http_status is what that one answered.
Response ProblemOf(const absl::Status& status, std::string_view request_id);

}  // namespace penstock::http
