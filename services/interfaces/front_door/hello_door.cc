#include "services/interfaces/front_door/hello_door.h"

#include <memory>
#include <string>
#include <utility>

#include "libs/http/problem.h"
#include "libs/log/log.h"
#include "libs/log/rate_limit.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::interfaces {
namespace {

using nlohmann::ordered_json;

// Nobody waits longer for a page of greetings.
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr char kAllowedHeaders[] = "authorization, content-type, x-client-info, x-request-id";

http::Response WithCors(http::Response response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  response.headers.emplace_back("Access-Control-Expose-Headers", "x-request-id");
  return response;
}

ordered_json Greeting(absl::Time now) {
  return {{"message", "Hello from Penstock"},
          {"service", "interfaces-service"},
          {"timestamp", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", now, absl::UTCTimeZone())}};
}

ordered_json StatisticsOf(const Overview& overview) {
  const auto& workflows = overview.workflows;
  const auto& executions = overview.executions;
  return {{"userProfiles", overview.user_profiles},
          {"projects", overview.projects},
          {"companies", overview.companies},
          {"apiKeys", overview.api_keys},
          {"workflows",
           {{"draft", workflows.draft},
            {"active", workflows.active},
            {"paused", workflows.paused},
            {"archived", workflows.archived}}},
          {"executions",
           {{"running", executions.running},
            {"paused", executions.paused},
            {"completed", executions.completed},
            {"failed", executions.failed},
            {"cancelled", executions.cancelled},
            {"timedOut", executions.timed_out},
            {"terminated", executions.terminated}}},
          {"webhooksToday", overview.webhooks_today},
          {"countedUpTo", storage::kCountedUpTo}};
}

// What failed inside is for our log, not for strangers.
bool IsOurs(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kResourceExhausted:
      return false;
    default:
      return true;
  }
}

http::Response RefusalOf(const absl::Status& status, const std::string& request_id,
                         absl::Time now) {
  if (IsOurs(status)) {
    static log::RateLimit limit(absl::Seconds(10));
    if (auto skipped = limit.Pass(now)) {
      log::Error("can't count for /hello", {{"status", status}, {"skipped", *skipped}});
    }
    return http::ProblemResponse({.status = 503,
                                  .code = "UNAVAILABLE",
                                  .detail = "It can't be counted just now. Try again later.",
                                  .request_id = request_id,
                                  .retry_after = absl::Seconds(1)});
  }
  http::Response response = http::ProblemOf(status, request_id);
  if (absl::IsUnauthenticated(status)) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

HelloDoor::HelloDoor(const auth::BearerAuthenticator& authenticator, lifecycle::ThreadPool& workers,
                     Count count, const Clock& clock)
    : authenticator_(authenticator), workers_(workers), count_(std::move(count)), clock_(clock) {}

void HelloDoor::Greet(const http::Request& request, http::Responder responder) {
  std::string authorization(request.FindHeader("authorization"));
  if (authorization.empty()) {
    return responder.Send(WithCors({.body = Greeting(clock_.Now()).dump()}));
  }
  std::string request_id(request.request_id);
  // Shared because std::function is copied.
  auto waiting = std::make_shared<http::Responder>(std::move(responder));
  const absl::Status taken =
      workers_.Submit([this, waiting, authorization = std::move(authorization), request_id] {
        waiting->Send(WithCors(Answer(authorization, request_id)));
      });
  if (!taken.ok()) waiting->Send(WithCors(RefusalOf(taken, request_id, clock_.Now())));
}

http::Response HelloDoor::Answer(const std::string& authorization,
                                 const std::string& request_id) const {
  const absl::Time now = clock_.Now();
  const absl::StatusOr<Overview> overview = [&]() -> absl::StatusOr<Overview> {
    ASSIGN_OR_RETURN(auth::CallContext caller,
                     authenticator_.Authenticate(authorization, now + kPatience));
    caller.request_id = request_id;
    caller.deadline = now + kPatience;
    return count_(caller);
  }();
  if (!overview.ok()) return RefusalOf(overview.status(), request_id, now);
  ordered_json greeting = Greeting(now);
  greeting["tenantId"] = overview->tenant.ToString();
  greeting["statistics"] = StatisticsOf(*overview);
  return {.body = greeting.dump(), .headers = {{"Cache-Control", "no-store"}}};
}

void HelloDoor::Preflight(const http::Request&, http::Responder responder) {
  http::Response response{.status = 204};
  response.headers = {{"Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"},
                      {"Access-Control-Allow-Headers", kAllowedHeaders},
                      {"Access-Control-Max-Age", "86400"}};
  responder.Send(WithCors(std::move(response)));
}

}  // namespace penstock::interfaces
