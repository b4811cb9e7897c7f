// What can be asked about projects. A key that is limited to one sees that one and changes none.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/storage/projects.h"

namespace penstock::interfaces {

struct NewProject {
  std::string name = {}, description = {};
};

struct ProjectChange {
  ProjectId id = {};
  std::optional<std::string> name = {}, description = {};
  std::optional<bool> is_default = {};
};

// ALREADY_EXISTS (PROJECT_NAME_TAKEN).
absl::StatusOr<Project> CreateProject(const IdentityContext& context,
                                      const auth::CallContext& caller, const NewProject& project);
absl::StatusOr<Project> GetProject(const IdentityContext& context, const auth::CallContext& caller,
                                   ProjectId id);
absl::StatusOr<paging::Page<Project>> ListProjects(const IdentityContext& context,
                                                   const auth::CallContext& caller,
                                                   int32_t page_size,
                                                   const std::string& page_token);
// FAILED_PRECONDITION (DEFAULT_PROJECT) for making the default one no default: another is made it.
absl::StatusOr<Project> UpdateProject(const IdentityContext& context,
                                      const auth::CallContext& caller, const ProjectChange& change);
// FAILED_PRECONDITION (DEFAULT_PROJECT, PROJECT_NOT_EMPTY).
absl::Status DeleteProject(const IdentityContext& context, const auth::CallContext& caller,
                           ProjectId id);

}  // namespace penstock::interfaces
