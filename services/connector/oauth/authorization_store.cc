#include "services/connector/oauth/authorization_store.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/oauth_queries.h"

namespace penstock::connector::storage {
namespace {

using namespace oauth_queries;
using postgres::Bytes;
using postgres::Connection;
using postgres::Params;
using postgres::Result;

absl::StatusOr<std::optional<FoundAuthorization>> FoundIn(absl::StatusOr<Result> rows) {
  RETURN_IF_ERROR(rows.status());
  if (rows->rows() == 0) return std::optional<FoundAuthorization>();
  return std::optional<FoundAuthorization>(
      {rows->Get<TenantId>(0, 0), rows->Get<AuthorizationId>(0, 1)});
}

}  // namespace

absl::StatusOr<absl::Time> InsertAuthorization(Connection& connection, const Authorization& a,
                                               AuthorizationKind kind,
                                               const std::string& ticket_hash,
                                               absl::Duration lifetime) {
  const bool device = kind == AuthorizationKind::kDevice;
  std::optional<Bytes> ticket;
  if (!ticket_hash.empty()) ticket = Bytes{ticket_hash};
  std::optional<UserId> user;
  if (!a.created_by.is_nil()) user = a.created_by;
  std::optional<int32_t> interval;
  if (device) interval = a.interval_seconds;
  postgres::Array<std::string_view> scopes;
  for (const std::string& scope : a.scopes) scopes.Append(std::string_view(scope));
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kInsertAuthorization,
                                                        Params()
                                                            .Add(a.tenant)
                                                            .Add(a.id)
                                                            .Add(a.grant)
                                                            .Add(device ? "device" : "code")
                                                            .Add(ticket)
                                                            .Add(postgres::Jsonb{a.config})
                                                            .Add(a.provider)
                                                            .Add(a.redirect_uri)
                                                            .Add(a.expected_issuer)
                                                            .Add(a.return_to)
                                                            .Add(scopes)
                                                            .Add(user)
                                                            .Add(absl::ToDoubleSeconds(lifetime))
                                                            .Add(interval)));
  return row.Get<absl::Time>(0, 0);
}

absl::StatusOr<std::optional<FoundAuthorization>> OpenAuthorization(
    Connection& connection, const std::string& ticket_hash, const std::string& state_hash,
    const std::string& browser_hash) {
  return FoundIn(connection.Execute(
      kOpenAuthorization,
      Params().Add(Bytes{ticket_hash}).Add(Bytes{state_hash}).Add(Bytes{browser_hash})));
}

absl::StatusOr<std::optional<FoundAuthorization>> ConsumeAuthorization(
    Connection& connection, const std::string& state_hash, const std::string& browser_hash,
    const std::string& provider) {
  return FoundIn(
      connection.Execute(kConsumeAuthorization,
                         Params().Add(Bytes{state_hash}).Add(Bytes{browser_hash}).Add(provider)));
}

absl::StatusOr<Authorization> LoadAuthorization(Connection& connection, TenantId tenant,
                                                AuthorizationId id) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kLoadAuthorization, Params().Add(tenant).Add(id)));
  if (row.rows() == 0) return absl::NotFoundError("no such authorization");
  return Authorization{.id = row.Get<AuthorizationId>(0, 0),
                       .tenant = row.Get<TenantId>(0, 1),
                       .grant = row.Get<GrantId>(0, 2),
                       .config = row.Get<std::string>(0, 3),
                       .provider = row.Get<std::string>(0, 4),
                       .redirect_uri = row.Get<std::string>(0, 5),
                       .expected_issuer = row.Get<std::string>(0, 6),
                       .return_to = row.Get<std::string>(0, 7),
                       .scopes = row.Get<std::vector<std::string>>(0, 8),
                       .created_by = row.Get<std::optional<UserId>>(0, 9).value_or(UserId()),
                       .expires_at = row.Get<absl::Time>(0, 10),
                       .consumed = row.Get<bool>(0, 11),
                       .interval_seconds = row.Get<std::optional<int32_t>>(0, 12).value_or(0),
                       .now = row.Get<absl::Time>(0, 13)};
}

absl::Status EndAuthorization(Connection& connection, TenantId tenant, AuthorizationId id,
                              std::string_view outcome) {
  return connection.Execute(kEndAuthorization, Params().Add(tenant).Add(id).Add(outcome)).status();
}

absl::StatusOr<std::optional<std::string>> FindAuthorizationOutcome(Connection& connection,
                                                                    TenantId tenant,
                                                                    GrantId grant) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kFindAuthorizationOutcome, Params().Add(tenant).Add(grant)));
  if (row.rows() == 0) return std::optional<std::string>();
  return std::optional<std::string>(row.Get<std::string>(0, 0));
}

absl::StatusOr<std::vector<FoundAuthorization>> TakeDevicePolls(Connection& connection, int limit) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kTakeDevicePolls, Params().Add(int32_t{limit})));
  std::vector<FoundAuthorization> due;
  for (int r = 0; r < rows.rows(); ++r)
    due.emplace_back(rows.Get<TenantId>(r, 0), rows.Get<AuthorizationId>(r, 1));
  return due;
}

absl::Status DelayPoll(Connection& connection, TenantId tenant, AuthorizationId id,
                       int interval_seconds, absl::Duration delay) {
  return connection
      .Execute(kDelayPoll, Params()
                               .Add(tenant)
                               .Add(id)
                               .Add(int32_t{interval_seconds})
                               .Add(absl::ToDoubleSeconds(delay)))
      .status();
}

absl::StatusOr<int64_t> DropOldAttempts(Connection& connection, int limit) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kDropOldAttempts, Params().Add(int32_t{limit})));
  return row.Get<int64_t>(0, 0);
}

}  // namespace penstock::connector::storage
