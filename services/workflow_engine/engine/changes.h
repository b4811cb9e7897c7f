// What turns decide, on its way to the database: rows to write, and what to do once they are there.
//
// Nothing in a ChangeSet has been seen by anybody. The committer writes whole sets, many to a transaction, and only then runs
// their `on_committed` hooks, which answer callers and start effects.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "services/workflow_engine/domain/execution_state.h"

namespace penstock::workflow_engine {

// JSON text shared by everything that quotes it: a node's output is the next one's input and part of several rows.
using Text = std::shared_ptr<const std::string>;

inline Text MakeText(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

using ShardId = uint8_t;

// The shard of an execution is the last byte of its id.
inline ShardId ShardOf(ExecutionId id) { return id.uuid().last_byte(); }

struct ReceiptRow {
  WebhookId id;
  TenantId tenant;
  std::string trigger_type;
  std::string action_type;
  Text payload;
  Text headers;  // may be null
  Text query;    // may be null
  std::optional<std::string> delivery_id;
  std::string_view outcome;  // "accepted", ...: static text
  std::vector<ExecutionId> executions;
  std::optional<WebhookId> redelivery_of;
  absl::Time received_at;
};

struct KeyRow {
  ShardId shard;
  TenantId tenant;
  std::string key;
  ExecutionId execution;
  std::string request_hash;
};

// Facts of an execution that never change.
struct ExecutionIdentity {
  ExecutionId id;
  TenantId tenant;
  WorkflowId workflow;
  int version = 0;
  std::string trigger_type;  // "webhook.test", "manual", ...
  std::string trigger_node;
  Text input;                // the trigger's output
  std::string idempotency_key;
  std::optional<WebhookId> webhook;
  absl::Time started_at;
};

// The execution row as it stands after the batch; inserted the first time, updated later.
struct ExecutionRow {
  std::shared_ptr<const ExecutionIdentity> identity;
  bool is_new = false;
  ExecutionState state = ExecutionState::kRunning;
  // What it ends as once its compensations are done.
  std::optional<ExecutionState> ending;
  Text result;
  Text error;
  absl::Time updated_at;
};

struct NodeRow {
  ExecutionId execution;
  TenantId tenant;
  int sequence = 0;
  // The definition outlives every row of its executions.
  std::string_view node_id;
  std::string_view node_type;
  int visit = 1;
  int attempt = 1;
  NodeState state = NodeState::kCompleted;
  std::string branch;
  // Positions among the node's outgoing edges that were taken; only for nodes with conditional edges.
  std::optional<std::vector<int32_t>> taken_edges;
  Text input;
  Text output;
  Text error;
  Text answer_head;  // of a response node: see kept_answer.h
  absl::Time started_at;
  absl::Time completed_at;
};

enum class HeldBy { kLease, kTimer, kToken, kQueue, kSignal };
std::string_view HeldByName(HeldBy held_by);

struct OpenNodeRow {
  ExecutionId execution;
  TenantId tenant;
  std::string_view node_id;
  int visit = 1;
  int attempt = 1;
  NodeState state = NodeState::kRunning;
  HeldBy held_by = HeldBy::kLease;
  std::optional<absl::Time> wake_at;
  std::optional<Uuid> token;
  Text last_error;
  absl::Time first_started_at;
  absl::Time started_at;
};

struct NodeKey {
  ExecutionId execution;
  std::string_view node_id;
  int visit = 1;
};

enum class TimerPurpose { kNode, kExecutionTimeout };
std::string_view TimerPurposeName(TimerPurpose purpose);

struct TimerRow {
  ExecutionId execution;
  TenantId tenant;
  TimerPurpose purpose = TimerPurpose::kNode;
  std::string_view node_id;  // empty for kExecutionTimeout
  int visit = 0;
  absl::Time fires_at;
};

// One signal, as it came. Never changed: which were received shows in the outcomes of the nodes that waited.
struct SignalRow {
  ExecutionId execution;
  TenantId tenant;
  int sequence = 0;  // of the execution's signals, from 1 without gaps
  std::string name;
  std::string dedupe_id;  // may be empty
  Text payload;
  absl::Time received_at;
};

struct EventRow {
  TenantId tenant;
  std::string_view type;  // static text
  std::optional<WorkflowId> workflow;
  std::optional<ExecutionId> execution;
  std::string payload;
  absl::Time at;
};

// Everything that must be committed together.
struct ChangeSet {
  std::vector<ReceiptRow> receipts;
  std::vector<KeyRow> keys;
  std::vector<ExecutionRow> executions;
  std::vector<NodeRow> nodes;
  std::vector<OpenNodeRow> open_nodes;        // inserted or replaced
  std::vector<NodeKey> closed_nodes;          // their open_nodes rows go
  std::vector<TimerRow> timers;               // inserted or replaced
  std::vector<TimerRow> cancelled_timers;     // fires_at is not looked at
  std::vector<ExecutionIdentity const*> opened;  // rows of open_executions to insert
  std::vector<ExecutionId> closed;            // and to delete
  std::vector<SignalRow> signals;
  std::vector<EventRow> events;
  // Shards whose ownership the commit proves, besides those of the executions above; a receipt alone proves none.
  std::vector<ShardId> shards;
  // Run on the group's thread when the fate of the set is known: OK once committed; otherwise nothing of it was written, or
  // (reason "COMMIT_IN_DOUBT") nobody knows.
  std::vector<std::function<void(const absl::Status&)>> on_decided;
  // Keeps alive what the views above point into.
  std::vector<std::shared_ptr<const void>> keep_alive;
};

}  // namespace penstock::workflow_engine
