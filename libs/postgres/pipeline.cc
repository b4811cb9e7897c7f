// Connection::Run: sends statements in libpq's pipeline mode and sorts out what became of each.
#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "fmt/format.h"
#include "libs/postgres/connection.h"
#include "libs/postgres/prepared_statements.h"
#include "libs/postgres/server_error.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::postgres {
namespace {

using OwnedResult = std::unique_ptr<PGresult, void (*)(PGresult*)>;

bool Succeeded(const PGresult* result) {
  ExecStatusType status = PQresultStatus(result);  // PGRES_FATAL_ERROR for nullptr
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

bool SendPrepare(pg_conn* connection, const PreparedStatements::Prepared& prepared) {
  return PQsendPrepare(connection, prepared.server_name.c_str(), prepared.sql.c_str(),
                       static_cast<int>(prepared.types.size()), prepared.types.data()) == 1;
}

constexpr int kBinary = 1;

// Parameters as libpq takes them: views of `params`.
struct Values {
  explicit Values(const Params& params) : formats(params.size(), kBinary) {
    texts.reserve(params.size());
    lengths.reserve(params.size());
    for (const std::optional<std::string>& value : params.values()) {
      texts.push_back(value ? value->data() : nullptr);
      lengths.push_back(value ? static_cast<int>(value->size()) : 0);
    }
  }
  std::vector<const char*> texts;
  std::vector<int> lengths, formats;
};

bool SendExecute(pg_conn* connection, const PreparedStatements::Prepared& prepared,
                 const Params& params) {
  Values values(params);
  return PQsendQueryPrepared(connection, prepared.server_name.c_str(), params.size(), values.texts.data(),
                             values.lengths.data(), values.formats.data(), kBinary) == 1;
}

// Parsed, run and forgotten: the statement has no name that could meet another's on a session that is not ours.
bool SendUnnamed(pg_conn* connection, const Statement& statement, const Params& params) {
  Values values(params);
  return PQsendQueryParams(connection, statement.sql, params.size(), params.types().data(), values.texts.data(),
                           values.lengths.data(), values.formats.data(), kBinary) == 1;
}

// A server that closed our prepared statements (a pooler in between, DISCARD ALL), whose tables changed under them, or that became
// read-only: another host may write.
bool MakesStale(const PGresult* result) {
  const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (sqlstate == nullptr) return false;
  if (std::string_view(sqlstate) == "26000" || std::string_view(sqlstate) == "25006") return true;
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return std::string_view(sqlstate) == "0A000" && message != nullptr &&
         std::string_view(message).starts_with("cached plan");
}

// An answer that a server gave to a statement: not libpq's own words, and not those of a pooler about a server it has lost (class 08), which
// may come in place of any answer, that of a COMMIT that took effect included.
bool IsServersAnswer(const PGresult* result) {
  return IsFromServer(result) && !std::string_view(PQresultErrorField(result, PG_DIAG_SQLSTATE)).starts_with("08");
}

absl::Status InDoubt(const absl::Status& cause) {
  return WithReason(
      absl::UnknownError(fmt::format("whether the transaction was committed is not known: {}",
                                     std::string(cause.message()))),
      kCommitInDoubt);
}

// COMMIT of a transaction in which a statement failed succeeds as a ROLLBACK.
absl::Status RolledBackInstead() {
  return WithReason(
      absl::FailedPreconditionError("commit: a statement of the transaction had failed, so it was rolled back"),
      "TRANSACTION_FAILED");
}

// One message on the way to the server, which answers each.
struct Step {
  const PreparedStatements::Prepared* prepare = nullptr;  // nullptr for an execution
  Statement statement;
  bool is_ours = false;  // not the caller's: its result is nobody's

  bool is_execution() const { return prepare == nullptr; }
  bool is_commit() const { return is_execution() && std::string_view(statement.sql) == kCommit.sql; }
};

}  // namespace

// One pipeline on its way: what was sent, what was answered, and what that means for a COMMIT among it.
class Connection::Exchange {
 public:
  explicit Exchange(Connection& connection)
      : connection_(connection), wire_(connection.connection_) {
    PQenterPipelineMode(wire_);
  }

  // False when not everything could be handed over: the connection is lost, or a statement is not one (more than 65,535 parameters).
  bool Send(const std::vector<Call>& calls) {
    for (const Call& call : calls) {
      if (!Send(call)) return false;
    }
    return PQpipelineSync(wire_) == 1;
  }

  // After a failed Send. Half a pipeline has no end whose answer could be waited for, so its connection has no further use.
  absl::Status Abandon() {
    connection_.condition_ = Condition::kBroken;
    absl::Status status = StatusOf(wire_, nullptr, steps_.back().statement.name);
    return commit_unanswered_ ? InDoubt(status) : status;
  }

  // Reads the answers to all steps, as far as the connection carries.
  void Receive() {
    for (const Step& step : steps_) {
      Receive(step);
      if (lost() && &step != &steps_.back()) return;
    }
    committed_ = error_.ok() && !commit_unanswered_ && steps_.back().is_commit();
    // Without a transaction the statements commit here, together; a deferred constraint may still refuse them.
    OwnedResult sync(PQgetResult(wire_), PQclear);
    while (sync && PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC && !lost()) {
      Note(StatusOf(wire_, sync.get(), "sync"));
      sync.reset(PQgetResult(wire_));
    }
    if (!lost() && PQexitPipelineMode(wire_) != 1) connection_.condition_ = Condition::kBroken;
  }

  bool lost() const { return PQstatus(wire_) != CONNECTION_OK; }

  // The first error; a lost connection says whether it took the answer of a COMMIT with it. One that was lost behind that answer has done its
  // work.
  absl::Status status() const {
    if (committed_) return absl::OkStatus();
    absl::Status status = error_;
    if (lost() && status.ok()) status = StatusOf(wire_, nullptr, "pipeline");
    return lost() && commit_unanswered_ && !failed_before_commit_ ? InDoubt(status) : status;
  }

  std::vector<Result> TakeResults() { return std::move(results_); }

 private:
  bool Send(const Call& call) {
    // What is said once, at connecting, is not worth a name; and a name would stand in the way of noticing that the session is not ours.
    if (call.statement.name == kApplySettings.name) return SendOnce(call, /*is_ours=*/false);
    if (connection_.session_ == Session::kOwn) return SendPrepared(call);
    if (!SendOnce(call, /*is_ours=*/false)) return false;
    return std::string_view(call.statement.sql) != kBegin.sql ||
           SendOnce({kApplySettings, &connection_.settings_}, /*is_ours=*/true);
  }

  bool SendOnce(const Call& call, bool is_ours) {
    steps_.push_back({.statement = call.statement, .is_ours = is_ours});
    commit_unanswered_ |= steps_.back().is_commit();
    return SendUnnamed(wire_, call.statement, *call.params);
  }

  bool SendPrepared(const Call& call) {
    const PreparedStatements::Prepared* prepared =
        connection_.prepared_->Find(call.statement, *call.params);
    if (prepared == nullptr) {
      prepared = connection_.prepared_->Remember(call.statement, *call.params);
      steps_.push_back({prepared, call.statement});
      if (!SendPrepare(wire_, *prepared)) return false;
    }
    steps_.push_back({nullptr, call.statement});
    commit_unanswered_ |= steps_.back().is_commit();
    return SendExecute(wire_, *prepared, *call.params);
  }

  void Receive(const Step& step) {
    OwnedResult result(PQgetResult(wire_), PQclear);
    const bool answered = result != nullptr;
    if (!Succeeded(result.get())) {
      if (!step.is_execution()) connection_.prepared_->Forget(step.prepare);
      if (error_.ok()) NoteFailure(step, result.get());
    } else if (step.is_commit()) {
      commit_unanswered_ = false;
      if (std::string_view(PQcmdStatus(result.get())) == "ROLLBACK") Note(RolledBackInstead());
    }
    if (step.is_execution() && !step.is_ours && Succeeded(result.get())) results_.emplace_back(result.release());
    if (answered && !lost()) OwnedResult(PQgetResult(wire_), PQclear);  // the NULL that ends the step
  }

  void NoteFailure(const Step& step, const PGresult* result) {
    error_ = StatusOf(wire_, result, step.statement.name);
    // The server skips the rest after an error of its own, COMMIT included.
    failed_before_commit_ = IsServersAnswer(result) && !step.is_commit();
    if (MakesStale(result)) connection_.condition_ = Condition::kStale;
  }

  void Note(absl::Status error) {
    if (error_.ok()) error_ = std::move(error);
  }

  Connection& connection_;
  pg_conn* wire_;
  std::vector<Step> steps_;
  std::vector<Result> results_;
  absl::Status error_;
  bool commit_unanswered_ = false;
  bool failed_before_commit_ = false;
  bool committed_ = false;  // all was answered, and the last of it was a COMMIT
};

absl::StatusOr<std::vector<Result>> Connection::Run(const std::vector<Call>& calls) {
  if (condition_ == Condition::kBroken || PQstatus(connection_) != CONNECTION_OK) {
    return WithReason(absl::UnavailableError("the connection to the database is lost"),
                      kConnectionLost);
  }
  const bool began_outside = !in_transaction();
  Exchange exchange(*this);
  if (!exchange.Send(calls)) return exchange.Abandon();
  exchange.Receive();
  absl::Status status = exchange.status();
  if (status.ok()) return exchange.TakeResults();
  if (began_outside && in_transaction()) {
    // Where this fails, too, the connection is closed, which rolls back as well.
    if (!ExecuteScript(kRollback.sql).ok()) condition_ = Condition::kStale;
  }
  return status;
}

absl::StatusOr<std::vector<Result>> Pipeline::Run(Connection& connection) const {
  std::vector<Connection::Call> calls;
  calls.reserve(items_.size());
  for (const Item& item : items_) calls.push_back({item.statement, &item.params});
  return connection.Run(calls);
}

}  // namespace penstock::postgres
