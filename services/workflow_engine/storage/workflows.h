// Rows of workflow.workflows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/workflow_engine/domain/workflow.h"

namespace penstock::workflow_engine::storage {

// What a caller gave so that creating again creates nothing.
struct RequestKey {
  std::string id;    // empty = none
  std::string hash;  // of everything that was asked for
};

// Inserts a draft as first revision. Nothing when the tenant has used the request id before; waits
// for another transaction that is about to.
absl::StatusOr<std::optional<Workflow>> InsertWorkflow(postgres::Connection& connection,
                                                       const Workflow& workflow,
                                                       const RequestKey& request);

struct RequestedWorkflow {
  WorkflowId id;
  std::string request_hash;
};

// NOT_FOUND when the request id is unused.
absl::StatusOr<RequestedWorkflow> FindByRequest(postgres::Connection& connection, TenantId tenant,
                                                std::string_view request_id);

// NOT_FOUND when the tenant has none of this id.
absl::StatusOr<Workflow> LoadWorkflow(postgres::Connection& connection, TenantId tenant,
                                      WorkflowId id);
// And keeps others from changing it until the transaction ends.
absl::StatusOr<Workflow> LockWorkflow(postgres::Connection& connection, TenantId tenant,
                                      WorkflowId id);

// Writes the draft of a workflow that is locked, and gives back the row as it is now.
absl::StatusOr<Workflow> UpdateDraft(postgres::Connection& connection, TenantId tenant,
                                     WorkflowId id, const WorkflowDraft& draft);
// The same for its status and latest version.
absl::StatusOr<Workflow> SetStatus(postgres::Connection& connection, TenantId tenant, WorkflowId id,
                                   WorkflowStatus status, int version);

// An absent member does not filter.
struct WorkflowFilter {
  std::optional<WorkflowStatus> status;
  std::optional<ProjectId> project;
  std::optional<std::string> tag;
  std::optional<std::string> text;  // part of name, display name or description, either case
};

// Newest first, older than `before` when given, without definitions.
absl::StatusOr<std::vector<Workflow>> ListWorkflows(postgres::Connection& connection,
                                                    TenantId tenant, const WorkflowFilter& filter,
                                                    std::optional<WorkflowId> before, int limit);
absl::StatusOr<int64_t> CountWorkflows(postgres::Connection& connection, TenantId tenant,
                                       const WorkflowFilter& filter);

// The project if the tenant has it, the tenant's default when absent; NOT_FOUND otherwise.
absl::StatusOr<ProjectId> FindProject(postgres::Connection& connection, TenantId tenant,
                                      std::optional<ProjectId> project);

}  // namespace penstock::workflow_engine::storage
