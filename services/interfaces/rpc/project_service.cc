#include "services/interfaces/rpc/project_service.h"

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_project.h"

namespace penstock::interfaces {

namespace v1 = tenancy::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* ProjectService::CreateProject(grpc::CallbackServerContext* context,
                                                        const v1::CreateProjectRequest* request,
                                                        v1::Project* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.ProjectService/CreateProject", request,
                    response,
                    [this](const CallContext& caller,
                           const v1::CreateProjectRequest& request) -> absl::StatusOr<v1::Project> {
                      ASSIGN_OR_RETURN(const NewProject project, FromProto(caller, request));
                      ASSIGN_OR_RETURN(const Project created,
                                       interfaces::CreateProject(context_, caller, project));
                      return ToProto(created);
                    });
}

grpc::ServerUnaryReactor* ProjectService::GetProject(grpc::CallbackServerContext* context,
                                                     const v1::GetProjectRequest* request,
                                                     v1::Project* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.ProjectService/GetProject", request, response,
      [this](const CallContext& caller,
             const v1::GetProjectRequest& request) -> absl::StatusOr<v1::Project> {
        ASSIGN_OR_RETURN(const ProjectId id, ParseId<ProjectId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const Project project, interfaces::GetProject(context_, caller, id));
        return ToProto(project);
      });
}

grpc::ServerUnaryReactor* ProjectService::ListProjects(grpc::CallbackServerContext* context,
                                                       const v1::ListProjectsRequest* request,
                                                       v1::ListProjectsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.ProjectService/ListProjects", request, response,
      [this](const CallContext& caller,
             const v1::ListProjectsRequest& request) -> absl::StatusOr<v1::ListProjectsResponse> {
        ASSIGN_OR_RETURN(
            const auto page,
            interfaces::ListProjects(context_, caller, request.page_size(), request.page_token()));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* ProjectService::UpdateProject(grpc::CallbackServerContext* context,
                                                        const v1::UpdateProjectRequest* request,
                                                        v1::Project* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.ProjectService/UpdateProject", request,
                    response,
                    [this](const CallContext& caller,
                           const v1::UpdateProjectRequest& request) -> absl::StatusOr<v1::Project> {
                      ASSIGN_OR_RETURN(const ProjectChange change, FromProto(caller, request));
                      ASSIGN_OR_RETURN(const Project project,
                                       interfaces::UpdateProject(context_, caller, change));
                      return ToProto(project);
                    });
}

grpc::ServerUnaryReactor* ProjectService::DeleteProject(grpc::CallbackServerContext* context,
                                                        const v1::DeleteProjectRequest* request,
                                                        v1::DeleteProjectResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.ProjectService/DeleteProject", request, response,
      [this](const CallContext& caller,
             const v1::DeleteProjectRequest& request) -> absl::StatusOr<v1::DeleteProjectResponse> {
        ASSIGN_OR_RETURN(const ProjectId id, ParseId<ProjectId>(request.id(), "id"));
        RETURN_IF_ERROR(interfaces::DeleteProject(context_, caller, id));
        return v1::DeleteProjectResponse();
      });
}

}  // namespace penstock::interfaces
