// What PostgreSQL can do here with nobody else at work: small commits (the ceiling of a design that
// commits every step), and the rows of W1 in batches (the ceiling of this one).
#include <atomic>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/scenarios.h"

namespace penstock::bench {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Json;
using postgres::Params;
using postgres::Pipeline;

// Tables of the same shape, keys and checks; no policies, because a superuser is not asked.
constexpr char kSetUp[] = R"sql(
  CREATE SCHEMA ceiling;
  CREATE TABLE ceiling.steps (id uuid PRIMARY KEY, payload json NOT NULL);
  CREATE TABLE ceiling.executions (LIKE workflow.workflow_executions INCLUDING ALL);
  CREATE TABLE ceiling.nodes (LIKE workflow.node_executions INCLUDING ALL))sql";

constexpr postgres::Statement kInsertStep{"ceiling_step",
                                          "INSERT INTO ceiling.steps VALUES ($1, $2)"};
constexpr postgres::Statement kInsertExecutions{"ceiling_executions", R"sql(
  INSERT INTO ceiling.executions (shard_id, execution_id, tenant_id, workflow_id, version, state, trigger_type, trigger_node, input,
                                  result, started_at, updated_at, completed_at)
  SELECT 0, id, $2, $2, 1, 'COMPLETED', 'webhook.w1', 'trigger', $3, $3, now(), now(), now() FROM unnest($1::uuid[]) AS id)sql"};
constexpr postgres::Statement kInsertNodes{"ceiling_nodes", R"sql(
  INSERT INTO ceiling.nodes (shard_id, execution_id, sequence, tenant_id, node_id, node_type, state, input, output, started_at,
                             completed_at)
  SELECT 0, id, step, $2, 'process', 'function', 'COMPLETED', $3, $3, now(), now()
  FROM unnest($1::uuid[]) AS id, generate_series(1, 3) AS step)sql"};

constexpr std::string_view kPayload = R"({"type":"webhook","data":{"message":"hello"}})";
constexpr int kBatch = 100;

absl::Status InsertStep(Connection& connection) {
  return connection
      .Execute(kInsertStep, Params().Add(Uuid::MakeV7(absl::Now())).Add(Json{kPayload}))
      .status();
}

absl::Status InsertBatch(Connection& connection) {
  Array<Uuid> ids;
  for (int i = 0; i < kBatch; ++i) ids.Append(Uuid::MakeV7(absl::Now()));
  Uuid tenant = Uuid::MakeV7(absl::Now());
  Pipeline pipeline;
  pipeline.Add(postgres::kBegin);
  pipeline.Add(kInsertExecutions, Params().Add(ids).Add(tenant).Add(Json{kPayload}));
  pipeline.Add(kInsertNodes, Params().Add(ids).Add(tenant).Add(Json{kPayload}));
  pipeline.Add(postgres::kCommit);
  return pipeline.Run(connection).status();
}

// Repeats `work` on so many connections at once and returns how often it was done in a second.
absl::StatusOr<double> RatePerSecond(Bench& bench, int clients, absl::Status (*work)(Connection&)) {
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < clients; ++i) {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                     Connection::Open(bench.deployment().DatabaseConninfo(), absl::Seconds(10)));
    connections.push_back(std::move(connection));
  }
  std::atomic<int64_t> done = 0;
  absl::Mutex mutex;
  absl::Status failure;
  absl::Time begin = absl::Now(), end = begin + bench.options().seconds;
  std::vector<std::thread> threads;
  for (auto& connection : connections) {
    threads.emplace_back([&, connection = connection.get()] {
      while (absl::Now() < end) {
        if (absl::Status status = work(*connection); !status.ok()) {
          absl::MutexLock lock(&mutex);
          failure.Update(status);
          return;
        }
        ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  RETURN_IF_ERROR(failure);
  return done / absl::ToDoubleSeconds(absl::Now() - begin);
}

absl::Status Measure(Bench& bench, const std::string& variant, int clients,
                     absl::Status (*work)(Connection&), int executions_each) {
  return bench.Repeat([&]() -> absl::StatusOr<Figure> {
    ASSIGN_OR_RETURN(double rate, RatePerSecond(bench, clients, work));
    Figure figure{"ceiling", variant, {}};
    figure.Set("per_second", rate * executions_each);
    return figure;
  });
}

}  // namespace

absl::Status MeasureCeilings(Bench& bench) {
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                   Connection::Open(bench.deployment().DatabaseConninfo(), absl::Seconds(10)));
  RETURN_IF_ERROR(connection->ExecuteScript(kSetUp));
  for (int clients : {1, 8, 32}) {
    RETURN_IF_ERROR(
        Measure(bench, fmt::format("small commits, {} clients", clients), clients, &InsertStep, 1));
  }
  for (int clients : {1, 4}) {
    RETURN_IF_ERROR(Measure(bench, fmt::format("1+3 rows, by {}, {} clients", kBatch, clients),
                            clients, &InsertBatch, kBatch));
  }
  return connection->ExecuteScript("DROP SCHEMA ceiling CASCADE");
}

}  // namespace penstock::bench
