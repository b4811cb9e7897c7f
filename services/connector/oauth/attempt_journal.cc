#include "services/connector/oauth/attempt_journal.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/oauth_queries.h"

namespace penstock::connector::storage {
namespace {

using namespace oauth_queries;
using postgres::Connection;
using postgres::Jsonb;
using postgres::Params;
using postgres::Result;

constexpr std::string_view kStates[] = {"sent",    "succeeded", "failed",
                                        "unknown", "candidate", "superseded"};
constexpr std::string_view kUsed[] = {"none", "current", "previous"};

std::string_view StateText(AttemptState state) { return kStates[static_cast<int>(state)]; }

AttemptState ParseState(std::string_view text) {
  int i = 0;
  while (kStates[i] != text) ++i;  // the table's CHECK knows no others
  return static_cast<AttemptState>(i);
}

}  // namespace

std::string_view TokenUsedName(TokenUsed used) { return kUsed[static_cast<int>(used)]; }

absl::StatusOr<std::optional<absl::Time>> BeginAttempt(Connection& connection,
                                                       const AttemptStart& start,
                                                       absl::Duration needed) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kBeginAttempt, Params()
                                                         .Add(start.tenant)
                                                         .Add(start.grant)
                                                         .Add(start.id)
                                                         .Add(start.fence)
                                                         .Add(start.token_version)
                                                         .Add(TokenUsedName(start.token_used))
                                                         .Add(absl::ToDoubleSeconds(needed))));
  if (rows.rows() == 0) return std::optional<absl::Time>();
  return std::optional<absl::Time>(rows.Get<absl::Time>(0, 0));
}

absl::Status EndAttempt(Connection& connection, TenantId tenant, AttemptId id, AttemptState state,
                        std::string_view failure_class, std::optional<std::string> answer) {
  std::optional<Jsonb> json;
  if (answer) json = Jsonb{*answer};
  return connection
      .Execute(kEndAttempt,
               Params().Add(tenant).Add(id).Add(StateText(state)).Add(failure_class).Add(json))
      .status();
}

absl::StatusOr<std::optional<AttemptState>> FindAttemptState(Connection& connection,
                                                             TenantId tenant, AttemptId id) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kFindAttemptState, Params().Add(tenant).Add(id)));
  if (rows.rows() == 0) return std::optional<AttemptState>();
  return std::optional<AttemptState>(ParseState(rows.Get<std::string>(0, 0)));
}

absl::Status GiveUpAttempts(Connection& connection, TenantId tenant, GrantId grant, int64_t fence) {
  return connection.Execute(kGiveUpAttempts, Params().Add(tenant).Add(grant).Add(fence)).status();
}

absl::StatusOr<std::vector<OpenAttempt>> ListOpenAttempts(Connection& connection, TenantId tenant,
                                                          GrantId grant, int64_t from_version) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(kListOpenAttempts, Params().Add(tenant).Add(grant).Add(from_version)));
  std::vector<OpenAttempt> attempts;
  for (int r = 0; r < rows.rows(); ++r) {
    attempts.push_back({.id = rows.Get<AttemptId>(r, 0),
                        .state = ParseState(rows.Get<std::string>(r, 1)),
                        .token_version = rows.Get<int64_t>(r, 2),
                        .started_at = rows.Get<absl::Time>(r, 4),
                        .answer = rows.Get<std::optional<std::string>>(r, 5)});
  }
  return attempts;
}

absl::StatusOr<std::vector<AttemptId>> SupersedeCandidates(Connection& connection, TenantId tenant,
                                                           GrantId grant, int64_t version) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(kSupersedeCandidates, Params().Add(tenant).Add(grant).Add(version)));
  std::vector<AttemptId> gone;
  for (int r = 0; r < rows.rows(); ++r) gone.push_back(rows.Get<AttemptId>(r, 0));
  return gone;
}

}  // namespace penstock::connector::storage
