#include "libs/postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/postgres/conninfo.h"
#include "libs/postgres/prepared_statements.h"
#include "libs/postgres/server_error.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::postgres {
namespace {

// What a conninfo leaves open. A peer that vanished without a word is noticed within about a minute.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"application_name", "penstock"}, {"keepalives_idle", "20"},      {"keepalives_interval", "10"},
    {"keepalives_count", "3"},        {"tcp_user_timeout", "40000"},
};

const SessionSetting kAlwaysSet[] = {{"TimeZone", "UTC"}, {"statement_timeout", "0"}};

void AddDefaults(Conninfo& conninfo) {
  for (const auto& [keyword, value] : kDefaults) conninfo.try_emplace(keyword, value);
  conninfo["client_encoding"] = "UTF8";
}

pg_conn* StartConnecting(const Conninfo& conninfo) {
  std::vector<const char*> keywords;
  std::vector<const char*> texts;
  for (const auto& [keyword, value] : conninfo) {
    keywords.push_back(keyword.c_str());
    texts.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  texts.push_back(nullptr);
  return PQconnectStartParams(keywords.data(), texts.data(), /*expand_dbname=*/0);
}

// False when the deadline passed.
bool AwaitSocket(pg_conn* connection, bool to_write, absl::Time deadline) {
  pollfd socket{PQsocket(connection), static_cast<short>(to_write ? POLLOUT : POLLIN), 0};
  int64_t millis = absl::ToInt64Milliseconds(deadline - absl::Now()) + 1;
  return millis > 0 && poll(&socket, 1, static_cast<int>(millis)) != 0;
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// libpq does not give the SQLSTATE of a refused connection, only its text.
absl::Status ConnectError(pg_conn* connection) {
  std::string message = fmt::format("connect to the database: {}", FirstLine(PQerrorMessage(connection)));
  if (Contains(message, "authentication failed") || Contains(message, "pg_hba.conf") ||
      Contains(message, "no password supplied")) {
    return WithReason(absl::PermissionDeniedError(message), "AUTHENTICATION_FAILED");
  }
  if (Contains(message, "FATAL") && Contains(message, "does not exist")) {
    return WithReason(absl::FailedPreconditionError(message), "NO_SUCH_DATABASE");
  }
  if (Contains(message, "too many") || Contains(message, "connection slots are reserved")) {
    return WithReason(absl::ResourceExhaustedError(message), "DATABASE_RESOURCES");
  }
  return WithReason(absl::UnavailableError(message), kConnectionLost);
}

// Why none of several hosts would do. The code of the last one, so that a wrong password behind a dead host is told as such.
absl::Status Joined(const absl::Status& before, const absl::Status& last) {
  if (before.ok()) return last;
  return WithReason(absl::Status(last.code(), fmt::format("{}; {}", std::string(before.message()), std::string(last.message()))),
                    ReasonOf(last));
}

absl::Status FinishConnecting(pg_conn* connection, absl::Time deadline) {
  PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
  while (PQstatus(connection) != CONNECTION_BAD) {
    if (!AwaitSocket(connection, wanted == PGRES_POLLING_WRITING, deadline)) {
      return WithReason(absl::UnavailableError("connect to the database: no answer in time"),
                        kConnectionLost);
    }
    wanted = PQconnectPoll(connection);
    if (wanted == PGRES_POLLING_OK) return absl::OkStatus();
    if (wanted == PGRES_POLLING_FAILED) break;
  }
  return ConnectError(connection);
}

void IgnoreNotice(void*, const PGresult*) {}

// Of hosts that differ in role we want the one that writes; a single one may be looked at whatever it is.
std::vector<Conninfo> Candidates(const Conninfo& conninfo) {
  std::vector<Conninfo> hosts = OneForEachHost(conninfo);
  if (hosts.size() == 1) return hosts;
  for (Conninfo& host : hosts) host.try_emplace("target_session_attrs", "read-write");
  return hosts;
}

Params SettingsParams(const std::vector<SessionSetting>& settings, Session session) {
  Array<std::string_view> names, values;
  for (const SessionSetting& setting : kAlwaysSet) {
    names.Append(setting.name);
    values.Append(setting.value);
  }
  for (const SessionSetting& setting : settings) {
    names.Append(setting.name);
    values.Append(setting.value);
  }
  const bool until_end_of_transaction = session == Session::kShared;
  return std::move(Params().Add(names).Add(values).Add(until_end_of_transaction));
}

}  // namespace

struct Connection::Canceller {
  explicit Canceller(pg_conn* connection) : handle(PQgetCancel(connection)) {}
  ~Canceller() { PQfreeCancel(handle); }
  PGcancel* handle;
};

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& conninfo,
                                                             absl::Duration timeout,
                                                             Session session,
                                                             std::vector<SessionSetting> settings) {
  absl::Time deadline = absl::Now() + timeout;
  ASSIGN_OR_RETURN(Conninfo parsed, ParseConninfo(conninfo));
  AddDefaults(parsed);
  std::vector<Conninfo> candidates = Candidates(parsed);
  absl::Status failed;
  for (size_t i = 0; i < candidates.size(); ++i) {
    // A host that swallows every packet must not use up the time of those behind it.
    absl::Duration share = (deadline - absl::Now()) / static_cast<int64_t>(candidates.size() - i);
    auto connection = OpenOne(candidates[i], absl::Now() + share, session, settings);
    if (connection.ok()) return connection;
    failed = Joined(failed, connection.status());
  }
  return failed;
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::OpenOne(const Conninfo& conninfo, absl::Time deadline,
                                                                Session session,
                                                                const std::vector<SessionSetting>& settings) {
  std::unique_ptr<Connection> connection(new Connection(StartConnecting(conninfo), session, settings));
  RETURN_IF_ERROR(FinishConnecting(connection->connection_, deadline));
  PQsetNoticeReceiver(connection->connection_, IgnoreNotice, nullptr);
  connection->canceller_ = std::make_unique<Canceller>(connection->connection_);
  if (session == Session::kOwn) {
    RETURN_IF_ERROR(connection->Execute(kApplySettings, connection->settings_).status());
  }
  return connection;
}

Connection::Connection(pg_conn* connection, Session session, const std::vector<SessionSetting>& settings)
    : connection_(connection),
      session_(session),
      settings_(SettingsParams(settings, session)),
      prepared_(std::make_unique<PreparedStatements>()) {}

Connection::~Connection() { PQfinish(connection_); }

absl::StatusOr<Result> Connection::Execute(const Statement& statement, const Params& params) {
  ASSIGN_OR_RETURN(std::vector<Result> results, Run({{statement, &params}}));
  return std::move(results[0]);
}

absl::Status Connection::ExecuteScript(const std::string& sql) {
  std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection_, sql.c_str()), PQclear);
  ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
    return absl::OkStatus();
  }
  return StatusOf(connection_, result.get(), "script");
}

bool Connection::healthy() const { return condition_ == Condition::kGood && PQstatus(connection_) == CONNECTION_OK; }

bool Connection::CheckAlive() {
  pollfd socket{PQsocket(connection_), POLLIN, 0};
  // A server says goodbye before it hangs up: what can be read may be words first, and the end only after them.
  while (healthy() && poll(&socket, 1, 0) > 0) {
    if (PQconsumeInput(connection_) == 0) condition_ = Condition::kBroken;
  }
  return healthy();
}

bool Connection::in_transaction() const {
  PGTransactionStatusType status = PQtransactionStatus(connection_);
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

void Connection::Cancel() {
  char error[256];
  // Nothing to do about a failure: the statement either ends by itself or its connection is lost.
  (void)PQcancel(canceller_->handle, error, sizeof(error));
}

}  // namespace penstock::postgres
