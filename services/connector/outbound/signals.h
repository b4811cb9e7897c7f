// What a service's answers mean beyond their status: "too many requests" said with 403 or 400, an
// expired token said with 200, and when to come back. Pure; the facts are the catalogue's
// (Provider.rate_limit) or the tenant's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "libs/json/path.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {

// All that is set must be so.
struct Signal {
  int status = 0;
  std::string header = {};        // lower case; empty = none needed
  std::string header_value = {};  // empty = any
  std::optional<json::Path> body_path = {};
  nlohmann::json body_equals = {};
};

enum class TimeFormat {
  kAny,  // as in Retry-After: seconds or an HTTP date
  kSeconds,
  kMilliseconds,
  kHttpDate,
  kEpochSeconds,
  kEpochMilliseconds,
  kIso8601,
};

struct RetryAfterHeader {
  std::string name;  // lower case
  TimeFormat format = TimeFormat::kAny;
};

struct ResponseSignals {
  std::vector<Signal> limited;                // besides 429
  std::vector<Signal> expired;                // besides 401: the access token is no good any more
  std::vector<RetryAfterHeader> retry_after;  // before Retry-After; the first that is there counts
};

// Of the JSON of Provider.rate_limit: {"signals": [{"status", "header", "header_value", "body":
// {"path", "equals"}}], "retry_after": [{"header", "format": "FORMAT_EPOCH_SECONDS"}]}, and
// "expired_signals" in the form of "signals". INVALID_ARGUMENT names the field.
absl::StatusOr<ResponseSignals> ParseSignals(const nlohmann::json& config);

bool Matches(const Signal& signal, const egress::HttpResponse& response);
bool IsRateLimited(const ResponseSignals& signals, const egress::HttpResponse& response);
bool IsUnauthorized(const ResponseSignals& signals, const egress::HttpResponse& response);

// When the answer says to come back: from now, at most an hour. Nothing when it does not say, or
// says what is no time.
std::optional<absl::Duration> ComeBackAfter(const ResponseSignals& signals,
                                            const egress::HttpResponse& response, absl::Time now);

// The first header of that (lower-case) name; null when there is none.
const std::string* FindHeader(const egress::HttpResponse& response, std::string_view name);

}  // namespace penstock::connector
