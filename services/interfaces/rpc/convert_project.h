// Projects on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "penstock/tenancy/v1/project.pb.h"
#include "services/interfaces/ops/projects.h"

namespace penstock::interfaces {

absl::StatusOr<NewProject> FromProto(const auth::CallContext& caller,
                                     const tenancy::v1::CreateProjectRequest& request);
absl::StatusOr<ProjectChange> FromProto(const auth::CallContext& caller,
                                        const tenancy::v1::UpdateProjectRequest& request);

tenancy::v1::Project ToProto(const Project& project);
tenancy::v1::ListProjectsResponse ToProto(const paging::Page<Project>& page);

}  // namespace penstock::interfaces
