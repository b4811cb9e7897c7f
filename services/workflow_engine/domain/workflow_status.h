// Where a workflow stands, and what may be done with it there.
//
//            publish             pause
//   draft ───────────▶ active ◀─────────▶ paused
//     │                  │      resume      │
//     │ archive          │ archive          │ archive
//     ▼                  ▼                  ▼
//   archived ── unarchive ──▶ paused if ever published, draft otherwise
//
// Asking for what is already so changes nothing, so that a caller may repeat itself; publishing an
// active or paused workflow again is how a new version takes over.
#pragma once

#include <optional>
#include <string_view>

namespace penstock::workflow_engine {

// The names are those of the CHECK constraint on workflow.workflows.
enum class WorkflowStatus { kDraft, kActive, kPaused, kArchived };

std::string_view StatusName(WorkflowStatus status);
std::optional<WorkflowStatus> ParseWorkflowStatus(std::string_view name);

enum class WorkflowAction { kPublish, kPause, kResume, kArchive, kUnarchive };

std::string_view ActionName(WorkflowAction action);

// The status after `action`; nothing when it is not allowed. `published`: a version exists.
std::optional<WorkflowStatus> Apply(WorkflowAction action, WorkflowStatus from, bool published);

}  // namespace penstock::workflow_engine
