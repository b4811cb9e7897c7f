// Rows of connector.refresh_attempts: one committed before each token request, so that a crash
// leaves word of what may have been used up.
//
//   sent ──► succeeded | failed | unknown          by who sent it
//        ──► unknown                               by the next holder, when the lease is over
//   sent | unknown ──► candidate ──► succeeded | superseded    tokens that came too late
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/postgres/connection.h"
#include "services/connector/oauth/grant.h"

namespace penstock::connector::storage {

using AttemptId = TypedId<struct RefreshAttemptTag>;

enum class TokenUsed { kNone, kCurrent, kPrevious };
std::string_view TokenUsedName(TokenUsed used);

struct AttemptStart {
  AttemptId id = {};
  GrantId grant = {};
  TenantId tenant = {};
  int64_t fence = 0;
  int64_t token_version = 0;
  TokenUsed token_used = TokenUsed::kCurrent;
};
// When it began, by the database; nothing when the lease is lost or has less than `needed` left.
absl::StatusOr<std::optional<absl::Time>> BeginAttempt(postgres::Connection& connection,
                                                       const AttemptStart& start,
                                                       absl::Duration needed);

enum class AttemptState { kSent, kSucceeded, kFailed, kUnknown, kCandidate, kSuperseded };
absl::Status EndAttempt(postgres::Connection& connection, TenantId tenant, AttemptId id,
                        AttemptState state, std::string_view failure_class,
                        std::optional<std::string> answer = std::nullopt);
// Nothing when there is no such attempt (any more).
absl::StatusOr<std::optional<AttemptState>> FindAttemptState(postgres::Connection& connection,
                                                             TenantId tenant, AttemptId id);

// What holders before `fence` left without an outcome has none.
absl::Status GiveUpAttempts(postgres::Connection& connection, TenantId tenant, GrantId grant,
                            int64_t fence);

struct OpenAttempt {
  AttemptId id = {};
  AttemptState state = AttemptState::kUnknown;  // or kCandidate
  int64_t token_version = 0;
  absl::Time started_at = {};
  std::optional<std::string> answer = {};  // JSON, of a candidate
};
// Of unknown outcome, and candidates, that used `from_version` or a later one; newest first.
absl::StatusOr<std::vector<OpenAttempt>> ListOpenAttempts(postgres::Connection& connection,
                                                          TenantId tenant, GrantId grant,
                                                          int64_t from_version);

// Candidates of versions before `version` are of no use any more; whose secrets may go.
absl::StatusOr<std::vector<AttemptId>> SupersedeCandidates(postgres::Connection& connection,
                                                           TenantId tenant, GrantId grant,
                                                           int64_t version);

}  // namespace penstock::connector::storage
