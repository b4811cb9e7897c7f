// Whether a definition would run: every problem at once.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "services/workflow_engine/domain/definition_json.h"
#include "services/workflow_engine/domain/graph.h"
#include "services/workflow_engine/ops/workflow_context.h"

namespace penstock::workflow_engine {

struct ValidatedDefinition {
  std::shared_ptr<const Graph> graph;  // null with problems
  std::vector<Problem> problems;
};

// Shape, graph, configs, and, when those are well, whether the JavaScript parses; none of it runs.
// INVALID_ARGUMENT for what is not JSON, too large or too deep; UNAVAILABLE without a sandbox to
// ask.
absl::StatusOr<ValidatedDefinition> ValidateDefinition(const WorkflowContext& context,
                                                       TenantId tenant,
                                                       const DefinitionText& definition);

// The same for a stored workflow's draft.
absl::StatusOr<ValidatedDefinition> ValidateWorkflow(const WorkflowContext& context,
                                                     const auth::CallContext& caller,
                                                     WorkflowId id);

}  // namespace penstock::workflow_engine
