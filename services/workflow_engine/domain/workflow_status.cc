#include "services/workflow_engine/domain/workflow_status.h"

#include <algorithm>
#include <array>
#include <utility>

namespace penstock::workflow_engine {
namespace {

using enum WorkflowStatus;
using enum WorkflowAction;

constexpr std::array<std::pair<WorkflowStatus, std::string_view>, 4> kStatusNames = {{
    {kDraft, "draft"},
    {kActive, "active"},
    {kPaused, "paused"},
    {kArchived, "archived"},
}};

constexpr std::array<std::pair<WorkflowAction, std::string_view>, 5> kActionNames = {{
    {kPublish, "publish"},
    {kPause, "pause"},
    {kResume, "resume"},
    {kArchive, "archive"},
    {kUnarchive, "unarchive"},
}};

struct Transition {
  WorkflowAction action;
  WorkflowStatus from;
  WorkflowStatus to;
  std::optional<WorkflowStatus> to_unpublished = std::nullopt;  // instead, without a version
};

// What is not here is not allowed.
constexpr Transition kTransitions[] = {
    {kPublish, kDraft, kActive},
    {kPublish, kActive, kActive},
    {kPublish, kPaused, kActive},

    {kPause, kActive, kPaused},
    {kPause, kPaused, kPaused},

    {kResume, kPaused, kActive},
    {kResume, kActive, kActive},

    {kArchive, kDraft, kArchived},
    {kArchive, kActive, kArchived},
    {kArchive, kPaused, kArchived},
    {kArchive, kArchived, kArchived},

    {kUnarchive, kArchived, kPaused, kDraft},
    {kUnarchive, kPaused, kPaused},
    {kUnarchive, kDraft, kDraft},
};

}  // namespace

std::string_view StatusName(WorkflowStatus status) {
  return std::ranges::find(kStatusNames, status, [](const auto& entry) { return entry.first; })
      ->second;
}

std::optional<WorkflowStatus> ParseWorkflowStatus(std::string_view name) {
  const auto* found =
      std::ranges::find(kStatusNames, name, [](const auto& entry) { return entry.second; });
  return found == kStatusNames.end() ? std::nullopt : std::optional(found->first);
}

std::string_view ActionName(WorkflowAction action) {
  return std::ranges::find(kActionNames, action, [](const auto& entry) { return entry.first; })
      ->second;
}

std::optional<WorkflowStatus> Apply(WorkflowAction action, WorkflowStatus from, bool published) {
  for (const Transition& transition : kTransitions) {
    if (transition.action != action || transition.from != from) continue;
    return published ? transition.to : transition.to_unpublished.value_or(transition.to);
  }
  return std::nullopt;
}

}  // namespace penstock::workflow_engine
