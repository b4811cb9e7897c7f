// Workflows on the wire: requests to commands, and what comes of them to answers.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "libs/auth/call_context.h"
#include "penstock/workflow/v1/workflow.pb.h"
#include "services/workflow_engine/domain/workflow.h"
#include "services/workflow_engine/nodes/registry.h"
#include "services/workflow_engine/ops/create_workflow.h"
#include "services/workflow_engine/ops/read_workflows.h"
#include "services/workflow_engine/ops/update_workflow.h"

namespace penstock::workflow_engine {

// INVALID_ARGUMENT names `field` when `text` is not a UUID.
absl::StatusOr<WorkflowId> ParseWorkflowId(const std::string& text, const std::string& field);
// Absent when `text` is empty.
absl::StatusOr<std::optional<ProjectId>> ParseProjectId(const std::string& text,
                                                        const std::string& field);

absl::StatusOr<CreateCommand> FromProto(const auth::CallContext& caller,
                                        const workflow::v1::CreateWorkflowRequest& request);
absl::StatusOr<UpdateCommand> FromProto(const auth::CallContext& caller,
                                        const workflow::v1::UpdateWorkflowRequest& request);
absl::StatusOr<WorkflowQuery> FromProto(const workflow::v1::ListWorkflowsRequest& request);

absl::StatusOr<workflow::v1::Workflow> ToProto(const Workflow& workflow);
absl::StatusOr<workflow::v1::ListWorkflowsResponse> ToProto(const WorkflowPage& page);
absl::StatusOr<workflow::v1::WorkflowVersion> ToProto(const WorkflowVersion& version);
absl::StatusOr<workflow::v1::ListWorkflowVersionsResponse> ToProto(const VersionPage& page);
workflow::v1::ValidateWorkflowResponse ToProto(const std::vector<Problem>& problems);
absl::StatusOr<workflow::v1::ListNodeTypesResponse> ToProto(const NodeTypes& types);

}  // namespace penstock::workflow_engine
