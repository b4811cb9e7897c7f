#include "services/workflow_engine/ops/transfer_workflow.h"

#include <utility>
#include <vector>

#include "libs/json/validate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/domain/workflow_document.h"
#include "services/workflow_engine/ops/create_workflow.h"
#include "services/workflow_engine/ops/read_workflows.h"

namespace penstock::workflow_engine {

absl::StatusOr<std::string> ExportWorkflow(const WorkflowContext& context,
                                           const auth::CallContext& caller, WorkflowId id,
                                           int version) {
  ASSIGN_OR_RETURN(Workflow workflow, GetWorkflow(context, caller, id));
  if (version != 0) {
    ASSIGN_OR_RETURN(WorkflowVersion published, GetWorkflowVersion(context, caller, id, version));
    workflow.draft.definition = std::move(published.definition);
  }
  return WriteDocument(workflow.draft).dump();
}

absl::StatusOr<Workflow> ImportWorkflow(const WorkflowContext& context,
                                        const auth::CallContext& caller,
                                        const std::string& document,
                                        std::optional<ProjectId> project) {
  if (const absl::Status valid = json::Validate(document); !valid.ok()) {
    return InvalidField("document", std::string(valid.message()));
  }
  std::vector<Problem> problems;
  WorkflowDraft draft = ReadDocument(Json::parse(document), problems);
  if (!problems.empty()) {
    std::vector<FieldViolation> violations;
    for (const Problem& problem : problems) {
      violations.push_back({"document." + problem.field, problem.description});
    }
    return BadRequest(violations);
  }
  return CreateWorkflow(
      context, caller,
      {.project = project, .draft = std::move(draft), .request_id = {}, .field = "document"});
}

}  // namespace penstock::workflow_engine
