// What is on record about an execution, as its readers see it. JSON is text; an absent value is
// empty text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "services/workflow_engine/domain/execution_state.h"

namespace penstock::workflow_engine {

// One attempt of one visit to one node.
struct NodeRecord {
  std::string node_id = {};
  std::string node_type = {};
  NodeState state = NodeState::kPending;
  int visit = 1;
  int attempt = 1;
  std::string input = {};
  std::string output = {};
  // {"type","message","stack"?}; of an open node, that of the attempt before.
  std::string error = {};
  absl::Time started_at = {};
  std::optional<absl::Time> completed_at = {};  // none while it is open
  int sequence = 0;                             // from 1 without gaps; 0 while it is open
  std::optional<absl::Time> wake_at = {};
  std::string branch = {};
};

struct ExecutionRecord {
  ExecutionId id = {};
  WorkflowId workflow = {};
  int version = 0;
  ExecutionState state = ExecutionState::kCreated;
  // While compensations run: what it will end as.
  std::optional<ExecutionState> ending = {};
  std::string trigger_type = {};
  std::string input = {};  // the trigger's output: {"type","data","receivedAt",...}
  std::string result = {};
  std::string error = {};  // {"type","message","stack"?,"nodeId"?}
  std::string idempotency_key = {};
  std::optional<WebhookId> webhook = {};
  absl::Time started_at = {};
  std::optional<absl::Time> completed_at = {};
  // Outcomes in order of recording, then open nodes.
  std::vector<NodeRecord> nodes = {};
};

// Which executions a list is about. Absent and empty members match all.
struct ExecutionFilter {
  std::optional<ExecutionState> state = {};
  std::optional<WorkflowId> workflow = {};
  absl::Time started_from = absl::InfinitePast();
  absl::Time started_before = absl::InfiniteFuture();
  // Found in the error's message, whatever the case.
  std::string error_text = {};
};

}  // namespace penstock::workflow_engine
