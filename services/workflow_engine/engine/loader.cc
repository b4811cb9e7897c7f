#include "services/workflow_engine/engine/loader.h"

#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/engine/kept_answer.h"
#include "services/workflow_engine/engine/payload_reference.h"
#include "services/workflow_engine/storage/load_queries.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
using postgres::Result;

Array<int32_t> ShardArray(const std::vector<ShardId>& shards) {
  Array<int32_t> array;
  for (ShardId shard : shards) array.Append(shard);
  return array;
}

// A payload column, with what it refers to in its place. Null stays null.
absl::StatusOr<Text> ReadPayload(Connection& connection, TenantId tenant, const Result& result, int row, int column) {
  if (result.is_null(row, column)) return Text();
  std::string text = result.Get<std::string>(row, column);
  std::optional<std::string> hash = ReferredPayload(text);
  if (!hash) return MakeText(std::move(text));
  ASSIGN_OR_RETURN(Result content, connection.Execute(queries::kLoadPayload, std::move(Params().Add(tenant).Add(postgres::Bytes{*hash}))));
  if (content.rows() == 0) return absl::DataLossError("a large payload is missing");
  return MakeText(content.Get<std::string>(0, 0));
}

std::optional<HeldBy> ParseHeldBy(std::string_view name) {
  for (HeldBy held_by : {HeldBy::kLease, HeldBy::kTimer, HeldBy::kToken, HeldBy::kQueue, HeldBy::kSignal}) {
    if (HeldByName(held_by) == name) return held_by;
  }
  return std::nullopt;
}

// "{0,2}" as PostgreSQL writes an integer[].
std::vector<int32_t> ParseIntegers(std::string_view text) {
  std::vector<int32_t> numbers;
  int32_t number = 0;
  bool in_number = false;
  for (char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
      in_number = true;
    } else if (std::exchange(in_number, false)) {
      numbers.push_back(std::exchange(number, 0));
    }
  }
  return numbers;
}

absl::Status Mismatch(ExecutionId id, std::string_view node) {
  return absl::DataLossError(fmt::format("execution {} has a row of node '{}', which its version does not have", id.ToString(), node));
}

absl::Status ReadNodes(Connection& connection, RestoredExecution& loaded) {
  ExecutionId id = loaded.identity->id;
  TenantId tenant = loaded.identity->tenant;
  ASSIGN_OR_RETURN(Result rows, connection.Execute(queries::kLoadNodes, std::move(Params().Add(int32_t{ShardOf(id)}).Add(id))));
  for (int r = 0; r < rows.rows(); ++r) {
    RestoredNode node;
    std::string node_id = rows.Get<std::string>(r, 0);
    node.node = loaded.graph->FindNode(node_id);
    std::optional<NodeState> state = ParseNodeState(rows.Get<std::string_view>(r, 4));
    if (node.node < 0 || !state) return Mismatch(id, node_id);
    node.sequence = rows.Get<int32_t>(r, 1);
    node.visit = rows.Get<int32_t>(r, 2);
    node.attempt = rows.Get<int32_t>(r, 3);
    node.state = *state;
    node.branch = rows.Get<std::optional<std::string>>(r, 5).value_or("");
    if (!rows.is_null(r, 6)) node.taken_edges = ParseIntegers(rows.Get<std::string_view>(r, 6));
    ASSIGN_OR_RETURN(node.input, ReadPayload(connection, tenant, rows, r, 7));
    ASSIGN_OR_RETURN(node.output, ReadPayload(connection, tenant, rows, r, 8));
    ASSIGN_OR_RETURN(node.error, ReadPayload(connection, tenant, rows, r, 9));
    if (!rows.is_null(r, 10)) node.answer_head = MakeText(rows.Get<std::string>(r, 10));
    loaded.nodes.push_back(std::move(node));
  }
  return absl::OkStatus();
}

absl::Status ReadOpenNodes(Connection& connection, RestoredExecution& loaded) {
  ExecutionId id = loaded.identity->id;
  ASSIGN_OR_RETURN(Result rows, connection.Execute(queries::kLoadOpenNodes, std::move(Params().Add(int32_t{ShardOf(id)}).Add(id))));
  for (int r = 0; r < rows.rows(); ++r) {
    RestoredOpenNode node;
    std::string node_id = rows.Get<std::string>(r, 0);
    node.node = loaded.graph->FindNode(node_id);
    std::optional<HeldBy> held_by = ParseHeldBy(rows.Get<std::string_view>(r, 3));
    if (node.node < 0 || !held_by) return Mismatch(id, node_id);
    node.visit = rows.Get<int32_t>(r, 1);
    node.attempt = rows.Get<int32_t>(r, 2);
    node.held_by = *held_by;
    node.wake_at = rows.Get<std::optional<absl::Time>>(r, 4);
    if (!rows.is_null(r, 5)) node.last_error = MakeText(rows.Get<std::string>(r, 5));
    node.first_started_at = rows.Get<absl::Time>(r, 6);
    node.started_at = rows.Get<absl::Time>(r, 7);
    loaded.open.push_back(std::move(node));
  }
  return absl::OkStatus();
}

absl::Status ReadSignals(Connection& connection, RestoredExecution& loaded) {
  ExecutionId id = loaded.identity->id;
  ASSIGN_OR_RETURN(Result rows, connection.Execute(queries::kLoadSignals, std::move(Params().Add(int32_t{ShardOf(id)}).Add(id))));
  for (int r = 0; r < rows.rows(); ++r) {
    RestoredSignal signal{.name = rows.Get<std::string>(r, 0),
                          .dedupe_id = rows.Get<std::optional<std::string>>(r, 1).value_or(""),
                          .payload = nullptr};
    ASSIGN_OR_RETURN(signal.payload, ReadPayload(connection, loaded.identity->tenant, rows, r, 2));
    loaded.signals.push_back(std::move(signal));
  }
  return absl::OkStatus();
}

}  // namespace

Loader::Loader(postgres::Pool& engine_pool, Definitions& definitions, lifecycle::ThreadPool& workers)
    : pool_(engine_pool), definitions_(definitions), workers_(workers) {}

void Loader::Load(ExecutionId id, Loaded done) {
  auto shared = std::make_shared<Loaded>(std::move(done));
  absl::Status queued = workers_.Submit([this, id, shared] { (*shared)(LoadNow(id)); });
  if (!queued.ok()) (*shared)(queued);
}

void Loader::FindEnding(ExecutionId id, TenantId tenant, std::function<void(absl::StatusOr<std::optional<Ending>>)> done) {
  auto shared = std::make_shared<decltype(done)>(std::move(done));
  absl::Status queued = workers_.Submit([this, id, tenant, shared] { (*shared)(FindEndingNow(id, tenant)); });
  if (!queued.ok()) (*shared)(queued);
}

absl::StatusOr<std::optional<Loader::Ending>> Loader::FindEndingNow(ExecutionId id, TenantId tenant) {
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
  ASSIGN_OR_RETURN(Result row, connection->Execute(queries::kFindAnswer, std::move(Params().Add(int32_t{ShardOf(id)}).Add(id).Add(tenant))));
  if (row.rows() == 0) return std::nullopt;
  std::optional<ExecutionState> state = ParseExecutionState(row.Get<std::string_view>(0, 0));
  if (!state) return absl::DataLossError("an execution is in a state this engine does not know");
  Ending ending{.state = *state, .result = nullptr, .response = std::nullopt};
  ASSIGN_OR_RETURN(ending.result, ReadPayload(*connection, tenant, row, 0, 1));
  ASSIGN_OR_RETURN(Text output, ReadPayload(*connection, tenant, row, 0, 2));
  if (output) ending.response = KeptAnswer(*output, row.is_null(0, 3) ? nullptr : MakeText(row.Get<std::string>(0, 3)));
  return std::optional<Ending>(std::move(ending));
}

absl::StatusOr<std::optional<RestoredExecution>> Loader::LoadNow(ExecutionId id) {
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
  ASSIGN_OR_RETURN(Result row, connection->Execute(queries::kLoadExecution, std::move(Params().Add(int32_t{ShardOf(id)}).Add(id))));
  if (row.rows() == 0) return std::nullopt;
  RestoredExecution loaded;
  auto identity = std::make_shared<ExecutionIdentity>();
  identity->id = id;
  identity->tenant = row.Get<TenantId>(0, 0);
  identity->workflow = row.Get<WorkflowId>(0, 1);
  identity->version = row.Get<int32_t>(0, 2);
  std::optional<ExecutionState> state = ParseExecutionState(row.Get<std::string_view>(0, 3));
  if (!state) return absl::DataLossError("an execution is in a state this engine does not know");
  loaded.state = *state;
  if (!row.is_null(0, 10)) loaded.ending = ParseExecutionState(row.Get<std::string_view>(0, 10));
  identity->trigger_type = row.Get<std::string>(0, 4);
  identity->trigger_node = row.Get<std::string>(0, 5);
  ASSIGN_OR_RETURN(identity->input, ReadPayload(*connection, identity->tenant, row, 0, 6));
  identity->idempotency_key = row.Get<std::optional<std::string>>(0, 7).value_or("");
  identity->webhook = row.Get<std::optional<WebhookId>>(0, 8);
  identity->started_at = row.Get<absl::Time>(0, 9);
  ASSIGN_OR_RETURN(loaded.error, ReadPayload(*connection, identity->tenant, row, 0, 11));
  loaded.identity = std::move(identity);
  ASSIGN_OR_RETURN(loaded.graph, definitions_.Get(loaded.identity->tenant, loaded.identity->workflow, loaded.identity->version));
  loaded.trigger_node = loaded.graph->FindNode(loaded.identity->trigger_node);
  if (loaded.trigger_node < 0) return Mismatch(id, loaded.identity->trigger_node);
  RETURN_IF_ERROR(ReadNodes(*connection, loaded));
  RETURN_IF_ERROR(ReadOpenNodes(*connection, loaded));
  if (loaded.graph->awaits_signals()) RETURN_IF_ERROR(ReadSignals(*connection, loaded));
  return std::optional<RestoredExecution>(std::move(loaded));
}

absl::StatusOr<std::vector<ExecutionId>> Loader::FindRunnable(const std::vector<ShardId>& shards) {
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
  ASSIGN_OR_RETURN(Result rows, connection->Execute(queries::kFindRunnable, std::move(Params().Add(ShardArray(shards)))));
  std::vector<ExecutionId> found;
  for (int r = 0; r < rows.rows(); ++r) found.push_back(rows.Get<ExecutionId>(r, 0));
  return found;
}

absl::StatusOr<std::vector<LoadedTimer>> Loader::FindTimers(const std::vector<ShardId>& shards, absl::Time until) {
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
  ASSIGN_OR_RETURN(Result rows, connection->Execute(queries::kFindTimers, std::move(Params().Add(ShardArray(shards)).Add(until))));
  std::vector<LoadedTimer> found;
  for (int r = 0; r < rows.rows(); ++r) {
    TimerPurpose purpose = rows.Get<std::string_view>(r, 1) == TimerPurposeName(TimerPurpose::kNode) ? TimerPurpose::kNode
                                                                                                      : TimerPurpose::kExecutionTimeout;
    found.push_back({rows.Get<ExecutionId>(r, 0), purpose, rows.Get<std::string>(r, 2), rows.Get<int32_t>(r, 3), rows.Get<absl::Time>(r, 4)});
  }
  return found;
}

absl::StatusOr<std::vector<std::optional<Loader::KeyedStart>>> Loader::FindKeys(const std::vector<Key>& keys) {
  Array<int32_t> shards;
  Array<Uuid> tenants;
  Array<std::string_view> texts;
  for (const Key& key : keys) {
    shards.Append(key.shard);
    tenants.Append(key.tenant);
    texts.Append(key.text);
  }
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
  ASSIGN_OR_RETURN(Result rows, connection->Execute(queries::kFindExecutionKeys,
                                                    std::move(Params().Add(std::move(shards)).Add(std::move(tenants)).Add(std::move(texts)))));
  std::vector<std::optional<KeyedStart>> found(keys.size());
  for (int r = 0; r < rows.rows(); ++r) found[rows.Get<int64_t>(r, 0) - 1] = KeyedStart{rows.Get<ExecutionId>(r, 1), rows.Get<std::string>(r, 2)};
  return found;
}

}  // namespace penstock::workflow_engine
