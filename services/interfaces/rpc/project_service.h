// penstock.tenancy.v1.ProjectService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/tenancy/v1/project.grpc.pb.h"
#include "services/interfaces/ops/identity.h"

namespace penstock::interfaces {

class ProjectService final : public tenancy::v1::ProjectService::CallbackService {
 public:
  // Both outlive the service.
  ProjectService(rpc::Serving& serving, const IdentityContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* CreateProject(grpc::CallbackServerContext* context,
                                          const tenancy::v1::CreateProjectRequest* request,
                                          tenancy::v1::Project* response) override;
  grpc::ServerUnaryReactor* GetProject(grpc::CallbackServerContext* context,
                                       const tenancy::v1::GetProjectRequest* request,
                                       tenancy::v1::Project* response) override;
  grpc::ServerUnaryReactor* ListProjects(grpc::CallbackServerContext* context,
                                         const tenancy::v1::ListProjectsRequest* request,
                                         tenancy::v1::ListProjectsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateProject(grpc::CallbackServerContext* context,
                                          const tenancy::v1::UpdateProjectRequest* request,
                                          tenancy::v1::Project* response) override;
  grpc::ServerUnaryReactor* DeleteProject(grpc::CallbackServerContext* context,
                                          const tenancy::v1::DeleteProjectRequest* request,
                                          tenancy::v1::DeleteProjectResponse* response) override;

 private:
  rpc::Serving& serving_;
  const IdentityContext& context_;
};

}  // namespace penstock::interfaces
