#include "services/workflow_engine/storage/executions_read.h"

#include <algorithm>
#include <utility>

#include "libs/status/macros.h"
#include "services/workflow_engine/storage/execution_read_queries.h"
#include "services/workflow_engine/storage/id_range.h"
#include "services/workflow_engine/storage/payload_reader.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

// Columns of get_execution.
enum Part { kExecution = 0, kOutcome = 1, kOpen = 2 };
enum Column {
  kPart,
  kSequence,
  kState,
  kInput,
  kOutput,
  kError,
  kStartedAt,
  kCompletedAt,
  kNodeId,
  kNodeType,
  kVisit,
  kAttempt,
  kBranch,
  kWakeAt,
  kWorkflowId,
  kVersion,
  kTriggerType,
  kIdempotencyKey,
  kWebhookId,
  kEnding,
};

std::string TextOrEmpty(const Result& result, int row, int column) {
  return result.Get<std::optional<std::string>>(row, column).value_or("");
}

std::optional<WebhookId> WebhookOf(const Result& result, int row, int column) {
  return result.Get<std::optional<WebhookId>>(row, column);
}

// The CHECK constraints let no other name in.
ExecutionState ExecutionStateOf(const Result& result, int row, int column) {
  return ParseExecutionState(result.Get<std::string_view>(row, column)).value();
}

ExecutionRecord ReadExecution(const Result& result, ExecutionId id) {
  return {.id = id,
          .workflow = result.Get<WorkflowId>(0, kWorkflowId),
          .version = result.Get<int32_t>(0, kVersion),
          .state = ExecutionStateOf(result, 0, kState),
          .ending = result.is_null(0, kEnding) ? std::nullopt : std::optional(ExecutionStateOf(result, 0, kEnding)),
          .trigger_type = result.Get<std::string>(0, kTriggerType),
          .input = result.Get<std::string>(0, kInput),
          .result = TextOrEmpty(result, 0, kOutput),
          .error = TextOrEmpty(result, 0, kError),
          .idempotency_key = TextOrEmpty(result, 0, kIdempotencyKey),
          .webhook = WebhookOf(result, 0, kWebhookId),
          .started_at = result.Get<absl::Time>(0, kStartedAt),
          .completed_at = result.Get<std::optional<absl::Time>>(0, kCompletedAt),
          .nodes = {}};
}

NodeRecord ReadNode(const Result& result, int row) {
  return {.node_id = result.Get<std::string>(row, kNodeId),
          .node_type = TextOrEmpty(result, row, kNodeType),
          .state = ParseNodeState(result.Get<std::string_view>(row, kState)).value(),
          .visit = result.Get<int32_t>(row, kVisit),
          .attempt = result.Get<int32_t>(row, kAttempt),
          .input = TextOrEmpty(result, row, kInput),
          .output = TextOrEmpty(result, row, kOutput),
          .error = TextOrEmpty(result, row, kError),
          .started_at = result.Get<absl::Time>(row, kStartedAt),
          .completed_at = result.Get<std::optional<absl::Time>>(row, kCompletedAt),
          .sequence = result.Get<int32_t>(row, kSequence),
          .wake_at = result.Get<std::optional<absl::Time>>(row, kWakeAt),
          .branch = TextOrEmpty(result, row, kBranch)};
}

ExecutionRecord ReadListed(const Result& result, int row) {
  return {.id = result.Get<ExecutionId>(row, 0),
          .workflow = result.Get<WorkflowId>(row, 1),
          .version = result.Get<int32_t>(row, 2),
          .state = ExecutionStateOf(result, row, 3),
          .ending = result.is_null(row, 10) ? std::nullopt : std::optional(ExecutionStateOf(result, row, 10)),
          .trigger_type = result.Get<std::string>(row, 7),
          .input = "",
          .result = "",
          .error = TextOrEmpty(result, row, 4),
          .idempotency_key = TextOrEmpty(result, row, 8),
          .webhook = WebhookOf(result, row, 9),
          .started_at = result.Get<absl::Time>(row, 5),
          .completed_at = result.Get<std::optional<absl::Time>>(row, 6),
          .nodes = {}};
}

absl::Status ResolvePayloads(PayloadReader& payloads, NodeRecord& node) {
  RETURN_IF_ERROR(payloads.Resolve(node.input));
  RETURN_IF_ERROR(payloads.Resolve(node.output));
  return payloads.Resolve(node.error);
}

absl::Status ResolvePayloads(PayloadReader& payloads, ExecutionRecord& execution) {
  RETURN_IF_ERROR(payloads.Resolve(execution.input));
  RETURN_IF_ERROR(payloads.Resolve(execution.result));
  RETURN_IF_ERROR(payloads.Resolve(execution.error));
  for (NodeRecord& node : execution.nodes) RETURN_IF_ERROR(ResolvePayloads(payloads, node));
  return absl::OkStatus();
}

postgres::Array<std::string_view> WantedStates(const ExecutionFilter& filter) {
  postgres::Array<std::string_view> states;
  if (filter.state) {
    states.Append(ExecutionStateName(*filter.state));
    return states;
  }
  for (ExecutionState state :
       {ExecutionState::kCreated, ExecutionState::kRunning, ExecutionState::kPaused,
        ExecutionState::kCompleted, ExecutionState::kFailed, ExecutionState::kCancelled,
        ExecutionState::kTimedOut, ExecutionState::kTerminated}) {
    states.Append(ExecutionStateName(state));
  }
  return states;
}

// What list_executions, count_executions and their forms of_workflow have in common.
Params FilterParams(TenantId tenant, const ExecutionFilter& filter,
                    std::optional<ExecutionId> before, int limit) {
  IdRange ids = RangeAround(filter.started_from, filter.started_before);
  if (before) ids.before = std::min(ids.before, before->uuid());
  Params params;
  params.Add(tenant).Add(WantedStates(filter)).Add(ids.from).Add(ids.before);
  params.Add(filter.started_from).Add(filter.started_before).Add(filter.error_text);
  params.Add(static_cast<int64_t>(limit));
  if (filter.workflow) params.Add(*filter.workflow);
  return params;
}

}  // namespace

absl::StatusOr<std::optional<ProjectId>> FindProjectOfExecution(Connection& connection,
                                                                TenantId tenant, ExecutionId id) {
  Params params;
  params.Add(static_cast<int16_t>(id.uuid().last_byte())).Add(id).Add(tenant);
  ASSIGN_OR_RETURN(Result result, connection.Execute(queries::kFindExecutionProject, params));
  if (result.rows() == 0) return std::nullopt;
  return result.Get<ProjectId>(0, 0);
}

absl::StatusOr<std::optional<ExecutionRecord>> FindExecution(Connection& connection,
                                                             TenantId tenant, ExecutionId id) {
  Params params;
  params.Add(static_cast<int16_t>(id.uuid().last_byte())).Add(id).Add(tenant);
  ASSIGN_OR_RETURN(Result result, connection.Execute(queries::kGetExecution, params));
  if (result.rows() == 0 || result.Get<int32_t>(0, kPart) != kExecution) return std::nullopt;
  ExecutionRecord execution = ReadExecution(result, id);
  for (int row = 1; row < result.rows(); ++row) execution.nodes.push_back(ReadNode(result, row));
  PayloadReader payloads(connection, tenant);
  RETURN_IF_ERROR(ResolvePayloads(payloads, execution));
  return execution;
}

absl::StatusOr<std::optional<ExecutionNews>> FindExecutionNews(Connection& connection,
                                                               TenantId tenant, ExecutionId id,
                                                               int after,
                                                               std::optional<ExecutionState> known,
                                                               int limit) {
  Params params;
  params.Add(static_cast<int16_t>(id.uuid().last_byte())).Add(id).Add(tenant);
  params.Add(static_cast<int32_t>(after));
  params.Add(known ? ExecutionStateName(*known) : std::string_view());
  params.Add(static_cast<int64_t>(limit));
  ASSIGN_OR_RETURN(Result result, connection.Execute(queries::kWatchExecution, params));
  if (result.rows() == 0 || result.Get<int32_t>(0, kPart) != kExecution) return std::nullopt;
  ExecutionNews news{.state = ExecutionStateOf(result, 0, kState), .execution = {}, .nodes = {}};
  PayloadReader payloads(connection, tenant);
  if (news.state != known) {
    news.execution = ReadExecution(result, id);
    RETURN_IF_ERROR(ResolvePayloads(payloads, *news.execution));
  }
  for (int row = 1; row < result.rows(); ++row) {
    news.nodes.push_back(ReadNode(result, row));
    RETURN_IF_ERROR(ResolvePayloads(payloads, news.nodes.back()));
  }
  return news;
}

absl::StatusOr<std::vector<ExecutionRecord>> ListExecutions(Connection& connection, TenantId tenant,
                                                            const ExecutionFilter& filter,
                                                            std::optional<ExecutionId> before,
                                                            int limit) {
  const auto& query =
      filter.workflow ? queries::kListExecutionsOfWorkflow : queries::kListExecutions;
  ASSIGN_OR_RETURN(Result result,
                   connection.Execute(query, FilterParams(tenant, filter, before, limit)));
  PayloadReader payloads(connection, tenant);
  std::vector<ExecutionRecord> executions;
  for (int row = 0; row < result.rows(); ++row) {
    executions.push_back(ReadListed(result, row));
    RETURN_IF_ERROR(payloads.Resolve(executions.back().error));
  }
  return executions;
}

absl::StatusOr<int> CountExecutions(Connection& connection, TenantId tenant,
                                    const ExecutionFilter& filter, int limit) {
  const auto& query =
      filter.workflow ? queries::kCountExecutionsOfWorkflow : queries::kCountExecutions;
  ASSIGN_OR_RETURN(Result result,
                   connection.Execute(query, FilterParams(tenant, filter, std::nullopt, limit)));
  return static_cast<int>(result.Get<int64_t>(0, 0));
}

}  // namespace penstock::workflow_engine
