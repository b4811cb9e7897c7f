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

bool IsCommit(const Statement& statement) { return std::string_view(statement.sql) == kCommit.sql; }

bool SendPrepare(pg_conn* connection, const PreparedStatements::Prepared& prepared) {
  return PQsendPrepare(connection, prepared.server_name.c_str(), prepared.sql.c_str(),
                       static_cast<int>(prepared.types.size()), prepared.types.data()) == 1;
}

bool SendExecute(pg_conn* connection, const PreparedStatements::Prepared& prepared,
                 const Params& params) {
  constexpr int kBinary = 1;
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats(params.size(), kBinary);
  values.reserve(params.size());
  lengths.reserve(params.size());
  for (const std::optional<std::string>& value : params.values()) {
    values.push_back(value ? value->data() : nullptr);
    lengths.push_back(value ? static_cast<int>(value->size()) : 0);
  }
  return PQsendQueryPrepared(connection, prepared.server_name.c_str(), params.size(), values.data(),
                             lengths.data(), formats.data(), kBinary) == 1;
}

// A server that closed our prepared statements (a pooler in between, DISCARD ALL) or whose tables changed under them.
bool MakesStale(const PGresult* result) {
  const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (sqlstate == nullptr) return false;
  if (std::string_view(sqlstate) == "26000") return true;
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return std::string_view(sqlstate) == "0A000" && message != nullptr &&
         std::string_view(message).starts_with("cached plan");
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

// One message on the way to the server and what is expected back.
struct Step {
  const PreparedStatements::Prepared* prepare = nullptr;  // nullptr for an execution
  Statement statement;
};

}  // namespace

absl::StatusOr<std::vector<Result>> Connection::Run(const std::vector<Call>& calls) {
  if (PQstatus(connection_) != CONNECTION_OK) {
    return WithReason(absl::UnavailableError("the connection to the database is lost"),
                      kConnectionLost);
  }
  const bool began_outside = !in_transaction();
  PQenterPipelineMode(connection_);

  std::vector<Step> steps;
  bool commit_unanswered = false;
  bool sent = true;
  for (const Call& call : calls) {
    const PreparedStatements::Prepared* prepared = prepared_->Find(call.statement, *call.params);
    if (prepared == nullptr) {
      prepared = prepared_->Remember(call.statement, *call.params);
      steps.push_back({prepared, call.statement});
      sent = SendPrepare(connection_, *prepared);
    }
    sent = sent && SendExecute(connection_, *prepared, *call.params);
    if (!sent) break;
    steps.push_back({nullptr, call.statement});
    commit_unanswered |= IsCommit(call.statement);
  }
  if (!sent || PQpipelineSync(connection_) != 1) {
    // Half a pipeline is of no use; what was sent is undone when the connection closes.
    stale_ = true;
    absl::Status status = StatusOf(connection_, nullptr, steps.empty() ? "" : steps.back().statement.name);
    return commit_unanswered ? InDoubt(status) : status;
  }

  std::vector<Result> results;
  results.reserve(calls.size());
  absl::Status first_error;
  bool failed_before_commit = false;
  for (const Step& step : steps) {
    OwnedResult result(PQgetResult(connection_), PQclear);
    ExecStatusType status = result ? PQresultStatus(result.get()) : PGRES_FATAL_ERROR;
    const bool succeeded = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
                           status == PGRES_EMPTY_QUERY;
    if (!succeeded && step.prepare != nullptr) prepared_->Forget(step.prepare);
    const bool is_commit = step.prepare == nullptr && IsCommit(step.statement);
    if (succeeded) {
      if (is_commit) {
        commit_unanswered = false;
        if (std::string_view(PQcmdStatus(result.get())) == "ROLLBACK") first_error = RolledBackInstead();
      }
    } else if (first_error.ok()) {
      first_error = StatusOf(connection_, result.get(), step.statement.name);
      // The server skips the rest after an error of its own, COMMIT included.
      failed_before_commit = IsFromServer(result.get()) && !is_commit;
      if (result && MakesStale(result.get())) stale_ = true;
    }
    if (PQstatus(connection_) != CONNECTION_OK) break;
    if (result) OwnedResult(PQgetResult(connection_), PQclear);  // the NULL that ends the step
    if (succeeded && step.prepare == nullptr) results.emplace_back(result.release());
  }

  if (PQstatus(connection_) != CONNECTION_OK) {
    if (first_error.ok()) first_error = StatusOf(connection_, nullptr, steps.back().statement.name);
    return commit_unanswered && !failed_before_commit ? InDoubt(first_error) : first_error;
  }
  // Without a transaction the statements commit here, together; a deferred constraint may still refuse them.
  OwnedResult sync(PQgetResult(connection_), PQclear);
  if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC && first_error.ok()) {
    first_error = StatusOf(connection_, sync.get(), "sync");
  }
  while (sync && PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC &&
         PQstatus(connection_) == CONNECTION_OK) {
    sync.reset(PQgetResult(connection_));
  }
  if (PQexitPipelineMode(connection_) != 1) stale_ = true;
  if (first_error.ok()) return results;
  if (began_outside && in_transaction()) {
    absl::Status rolled_back = ExecuteScript(kRollback.sql);
    if (!rolled_back.ok()) stale_ = true;  // closing it rolls back, too
  }
  return first_error;
}

absl::StatusOr<std::vector<Result>> Pipeline::Run() {
  std::vector<Item> items = std::move(items_);
  items_.clear();
  std::vector<Connection::Call> calls;
  calls.reserve(items.size());
  for (const Item& item : items) calls.push_back({item.statement, &item.params});
  return connection_.Run(calls);
}

}  // namespace penstock::postgres
