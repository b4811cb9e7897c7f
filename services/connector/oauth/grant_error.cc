#include "services/connector/oauth/grant_error.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "services/connector/oauth/token_times.h"

namespace penstock::connector {
namespace {

nlohmann::json LastErrorJson(const Grant& grant) {
  if (!grant.last_error) return nlohmann::json::object();
  nlohmann::json json =
      nlohmann::json::parse(*grant.last_error, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : nlohmann::json::object();
}

std::string ReasonOfClass(FailureClass failure) {
  return "TOKEN_" + absl::AsciiStrToUpper(
                        {FailureClassName(failure).data(), FailureClassName(failure).size()});
}

absl::Status Make(FailureClass failure, const std::string& message) {
  switch (failure) {
    case FailureClass::kProviderUnavailable:
    case FailureClass::kRateLimited:
    case FailureClass::kTlsError:
    case FailureClass::kBadAnswer:
      return absl::UnavailableError(message);
    default:
      return absl::FailedPreconditionError(message);
  }
}

}  // namespace

std::optional<FailureClass> LastClass(const Grant& grant) {
  return ParseFailureClass(LastErrorJson(grant).value("class", ""));
}

absl::Status CheckLive(const Grant& grant, const OAuth2Config& config) {
  const std::string id = grant.id.ToString();
  switch (grant.state) {
    case GrantState::kActive:
    case GrantState::kDegraded:
      return absl::OkStatus();
    case GrantState::kPending:
      if (IsUnattended(config)) return absl::OkStatus();
      return WithReason(
          absl::FailedPreconditionError(fmt::format("grant {} has not been authorized yet", id)),
          "GRANT_PENDING", {{"grant_id", id}});
    case GrantState::kNeedsReauth:
      return WithReason(absl::FailedPreconditionError(
                            fmt::format("grant {} has to be authorized again: {}", id,
                                        LastErrorJson(grant).value("message", grant.state_reason))),
                        "NEEDS_REAUTH", {{"grant_id", id}, {"class", grant.state_reason}});
    case GrantState::kDisabled:
      return WithReason(absl::FailedPreconditionError(fmt::format("grant {} was revoked", id)),
                        "GRANT_DISABLED", {{"grant_id", id}});
  }
  return absl::InternalError("unknown state of a grant");
}

absl::Status LastErrorOf(const Grant& grant) {
  const nlohmann::json json = LastErrorJson(grant);
  const FailureClass failure = LastClass(grant).value_or(FailureClass::kProviderUnavailable);
  absl::Status status = WithReason(
      Make(failure, fmt::format("no access token: {}",
                                json.value("message", "the provider has not answered yet"))),
      ReasonOfClass(failure),
      {{"grant_id", grant.id.ToString()}, {"provider_code", json.value("provider_code", "")}});
  absl::Time until = grant.retry_at.value_or(grant.now);
  if (grant.leased()) until = std::max(until, *grant.lease_until);
  return until > grant.now ? WithRetryAfter(std::move(status), until - grant.now) : status;
}

absl::Status StatusOf(const TokenFailure& failure) {
  absl::Status status =
      WithReason(Make(failure.failure, failure.message), ReasonOfClass(failure.failure),
                 {{"provider_code", failure.provider_code}});
  return failure.retry_after > absl::ZeroDuration()
             ? WithRetryAfter(std::move(status), failure.retry_after)
             : status;
}

}  // namespace penstock::connector
