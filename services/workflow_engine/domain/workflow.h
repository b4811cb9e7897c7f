// One workflow: its place in the life cycle, and its draft.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "services/workflow_engine/domain/definition_json.h"
#include "services/workflow_engine/domain/workflow_status.h"

namespace penstock::workflow_engine {

// What its author decides.
struct WorkflowDraft {
  std::string name;
  std::string description;
  std::string service_display_name;  // what people read; never empty once stored
  DefinitionText definition;
  std::vector<std::string> tags;
};

struct Workflow {
  WorkflowId id;
  TenantId tenant;
  ProjectId project;
  WorkflowStatus status = WorkflowStatus::kDraft;
  int version = 0;  // the latest published; 0 before the first
  WorkflowDraft draft;
  absl::Time created;
  absl::Time updated;
  int64_t revision = 1;  // raised by every change; the etag
};

struct WorkflowVersion {
  WorkflowId workflow;
  int version = 0;
  DefinitionText definition;
  absl::Time published;
};

}  // namespace penstock::workflow_engine
