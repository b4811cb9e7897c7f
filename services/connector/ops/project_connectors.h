// Making, reading, changing and deleting project connectors.
//
// A caller who is limited to a project sees what its workflows may use and what leads to it, and
// makes and changes what begins and ends in it: by a way of its own making it would get to what it
// is kept from.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/connector/domain/project_connector.h"
#include "services/connector/storage/project_connectors.h"

namespace penstock::connector {

// Owned by App; both outlive it.
struct ProjectConnectorContext {
  postgres::Pool& pool;
  const Clock& clock;  // for ids and nothing else
};

// INVALID_ARGUMENT names every field that is wrong, also a service or an interface that is not of
// what it is said to be of; NOT_FOUND for what the caller does not have; ALREADY_EXISTS
// (PROJECT_CONNECTOR_NAME_TAKEN).
absl::StatusOr<ProjectConnector> CreateProjectConnector(const ProjectConnectorContext& context,
                                                        const auth::CallContext& caller,
                                                        ProjectConnector link);
absl::StatusOr<ProjectConnector> GetProjectConnector(const ProjectConnectorContext& context,
                                                     const auth::CallContext& caller,
                                                     ProjectConnectorId id);

struct ProjectConnectorQuery {
  storage::ProjectConnectorFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};
absl::StatusOr<paging::Page<ProjectConnector>> ListProjectConnectors(
    const ProjectConnectorContext& context, const auth::CallContext& caller,
    const ProjectConnectorQuery& query);
// The same for the one project that `query` names as source or as target: NOT_FOUND when it is none
// of the caller's.
absl::StatusOr<paging::Page<ProjectConnector>> ListProjectConnectorsOf(
    const ProjectConnectorContext& context, const auth::CallContext& caller, ProjectId project,
    const ProjectConnectorQuery& query);

struct ProjectConnectorChange {
  ProjectConnector link;  // its id, and the new values of `fields`
  std::set<std::string, std::less<>> fields;
  // What the caller says of what never changes, and is held to; absent = nothing.
  std::optional<ProjectId> source_project = {}, target_project = {};
  std::optional<WorkflowId> target_service = {};
  std::optional<InterfaceId> target_interface = {};
  std::optional<std::string> name = {};
};
absl::StatusOr<ProjectConnector> UpdateProjectConnector(const ProjectConnectorContext& context,
                                                        const auth::CallContext& caller,
                                                        const ProjectConnectorChange& change);
absl::Status DeleteProjectConnector(const ProjectConnectorContext& context,
                                    const auth::CallContext& caller, ProjectConnectorId id);

// What a workflow of `project` means by a name or an id: its project's own before those that others
// let it use. NOT_FOUND, also for one that it may not use; FAILED_PRECONDITION (AMBIGUOUS_NAME).
absl::StatusOr<ProjectConnector> FindUsable(const ProjectConnectorContext& context,
                                            const auth::CallContext& caller, ProjectId project,
                                            const std::string& name_or_id);

}  // namespace penstock::connector
