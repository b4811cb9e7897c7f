#include "services/workflow_engine/domain/execution_state.h"

#include <array>
#include <utility>

namespace penstock::workflow_engine {
namespace {

constexpr std::array<std::pair<ExecutionState, std::string_view>, 8> kExecutionStates{{
    {ExecutionState::kCreated, "CREATED"},
    {ExecutionState::kRunning, "RUNNING"},
    {ExecutionState::kPaused, "PAUSED"},
    {ExecutionState::kCompleted, "COMPLETED"},
    {ExecutionState::kFailed, "FAILED"},
    {ExecutionState::kCancelled, "CANCELLED"},
    {ExecutionState::kTimedOut, "TIMED_OUT"},
    {ExecutionState::kTerminated, "TERMINATED"},
}};

constexpr std::array<std::pair<NodeState, std::string_view>, 7> kNodeStates{{
    {NodeState::kPending, "PENDING"},
    {NodeState::kRunning, "RUNNING"},
    {NodeState::kWaiting, "WAITING"},
    {NodeState::kCompleted, "COMPLETED"},
    {NodeState::kFailed, "FAILED"},
    {NodeState::kSkipped, "SKIPPED"},
    {NodeState::kCancelled, "CANCELLED"},
}};

template <typename Table, typename Enum>
std::string_view NameIn(const Table& table, Enum value) {
  for (const auto& [candidate, name] : table) {
    if (candidate == value) return name;
  }
  return "";
}

template <typename Enum, typename Table>
std::optional<Enum> ParseIn(const Table& table, std::string_view text) {
  for (const auto& [value, name] : table) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view ExecutionStateName(ExecutionState state) {
  return NameIn(kExecutionStates, state);
}

std::string_view NodeStateName(NodeState state) { return NameIn(kNodeStates, state); }

std::optional<ExecutionState> ParseExecutionState(std::string_view name) {
  return ParseIn<ExecutionState>(kExecutionStates, name);
}

std::optional<NodeState> ParseNodeState(std::string_view name) {
  return ParseIn<NodeState>(kNodeStates, name);
}

bool IsOver(ExecutionState state) { return state >= ExecutionState::kCompleted; }

}  // namespace penstock::workflow_engine
