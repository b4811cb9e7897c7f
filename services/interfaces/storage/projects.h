// Projects of a tenant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::interfaces {

struct Project {
  ProjectId id = {};
  TenantId tenant = {};
  std::string name = {};
  std::string description = {};
  bool is_default = false;
  absl::Time created_at = {}, updated_at = {};
};

enum class Lock { kNone, kForChange };

namespace storage {

// ALREADY_EXISTS names the constraint "projects_name_unique".
absl::StatusOr<Project> InsertProject(postgres::Connection& connection, const Project& project);
// The task queue that every project has.
absl::Status InsertDefaultTaskQueue(postgres::Connection& connection, const Project& project,
                                    const Uuid& queue);
// NOT_FOUND when the tenant has no such project.
absl::StatusOr<Project> LoadProject(postgres::Connection& connection, TenantId tenant, ProjectId id,
                                    Lock lock);
// `only` = none but this one.
absl::StatusOr<std::vector<Project>> ListProjects(postgres::Connection& connection, TenantId tenant,
                                                  std::optional<ProjectId> only,
                                                  std::optional<ProjectId> before, int limit);
absl::StatusOr<int64_t> CountProjects(postgres::Connection& connection, TenantId tenant,
                                      std::optional<ProjectId> only);
absl::StatusOr<Project> UpdateProject(postgres::Connection& connection, const Project& project);
absl::Status ClearDefaultProject(postgres::Connection& connection, TenantId tenant);
// FAILED_PRECONDITION names the constraint "workflows_project_exists".
absl::Status DeleteProject(postgres::Connection& connection, TenantId tenant, ProjectId id);

}  // namespace storage
}  // namespace penstock::interfaces
