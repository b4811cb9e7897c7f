// What an execution and its nodes may be in; the names are those of the CHECK constraints.
#pragma once

#include <optional>
#include <string_view>

namespace penstock::workflow_engine {

enum class ExecutionState { kCreated, kRunning, kPaused, kCompleted, kFailed, kCancelled, kTimedOut, kTerminated };
enum class NodeState { kPending, kRunning, kWaiting, kCompleted, kFailed, kSkipped, kCancelled };

std::string_view ExecutionStateName(ExecutionState state);  // "RUNNING", ...
std::string_view NodeStateName(NodeState state);
std::optional<ExecutionState> ParseExecutionState(std::string_view name);
std::optional<NodeState> ParseNodeState(std::string_view name);
bool IsOver(ExecutionState state);

}  // namespace penstock::workflow_engine
