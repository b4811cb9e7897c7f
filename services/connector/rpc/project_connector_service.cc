#include "services/connector/rpc/project_connector_service.h"

#include <utility>

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/connector/rpc/convert_project_connector.h"

namespace penstock::connector {

using auth::CallContext;

grpc::ServerUnaryReactor* ProjectConnectorService::CreateProjectConnector(
    grpc::CallbackServerContext* context, const v1::CreateProjectConnectorRequest* request,
    v1::ProjectConnector* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ProjectConnectorService/CreateProjectConnector",
      request, response,
      [this](const CallContext& caller, const v1::CreateProjectConnectorRequest& request)
          -> absl::StatusOr<v1::ProjectConnector> {
        ASSIGN_OR_RETURN(ProjectConnector link, FromProto(caller, request));
        ASSIGN_OR_RETURN(const ProjectConnector created,
                         connector::CreateProjectConnector(context_, caller, std::move(link)));
        return ToProto(created);
      });
}

grpc::ServerUnaryReactor* ProjectConnectorService::GetProjectConnector(
    grpc::CallbackServerContext* context, const v1::GetProjectConnectorRequest* request,
    v1::ProjectConnector* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ProjectConnectorService/GetProjectConnector",
      request, response,
      [this](const CallContext& caller, const v1::GetProjectConnectorRequest& request)
          -> absl::StatusOr<v1::ProjectConnector> {
        ASSIGN_OR_RETURN(const auto id, ParseId<ProjectConnectorId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const ProjectConnector link,
                         connector::GetProjectConnector(context_, caller, id));
        return ToProto(link);
      });
}

grpc::ServerUnaryReactor* ProjectConnectorService::ListProjectConnectors(
    grpc::CallbackServerContext* context, const v1::ListProjectConnectorsRequest* request,
    v1::ListProjectConnectorsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ProjectConnectorService/ListProjectConnectors",
      request, response,
      [this](const CallContext& caller, const v1::ListProjectConnectorsRequest& request)
          -> absl::StatusOr<v1::ListProjectConnectorsResponse> {
        ASSIGN_OR_RETURN(const ProjectConnectorQuery query, FromProto(request));
        ASSIGN_OR_RETURN(const auto page,
                         connector::ListProjectConnectors(context_, caller, query));
        return PageToProto<v1::ListProjectConnectorsResponse>(page);
      });
}

grpc::ServerUnaryReactor* ProjectConnectorService::UpdateProjectConnector(
    grpc::CallbackServerContext* context, const v1::UpdateProjectConnectorRequest* request,
    v1::ProjectConnector* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ProjectConnectorService/UpdateProjectConnector",
      request, response,
      [this](const CallContext& caller, const v1::UpdateProjectConnectorRequest& request)
          -> absl::StatusOr<v1::ProjectConnector> {
        ASSIGN_OR_RETURN(const ProjectConnectorChange change, FromProto(caller, request));
        ASSIGN_OR_RETURN(const ProjectConnector link,
                         connector::UpdateProjectConnector(context_, caller, change));
        return ToProto(link);
      });
}

grpc::ServerUnaryReactor* ProjectConnectorService::DeleteProjectConnector(
    grpc::CallbackServerContext* context, const v1::DeleteProjectConnectorRequest* request,
    v1::DeleteProjectConnectorResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ProjectConnectorService/DeleteProjectConnector",
      request, response,
      [this](const CallContext& caller, const v1::DeleteProjectConnectorRequest& request)
          -> absl::StatusOr<v1::DeleteProjectConnectorResponse> {
        ASSIGN_OR_RETURN(const auto id, ParseId<ProjectConnectorId>(request.id(), "id"));
        RETURN_IF_ERROR(connector::DeleteProjectConnector(context_, caller, id));
        return v1::DeleteProjectConnectorResponse();
      });
}

grpc::ServerUnaryReactor* ProjectConnectorService::GetProjectConnectorsBySourceProject(
    grpc::CallbackServerContext* context,
    const v1::GetProjectConnectorsBySourceProjectRequest* request,
    v1::GetProjectConnectorsBySourceProjectResponse* response) {
  return rpc::Serve(
      serving_, context,
      "/penstock.connector.v1.ProjectConnectorService/GetProjectConnectorsBySourceProject", request,
      response,
      [this](const CallContext& caller,
             const v1::GetProjectConnectorsBySourceProjectRequest& request)
          -> absl::StatusOr<v1::GetProjectConnectorsBySourceProjectResponse> {
        ASSIGN_OR_RETURN(const auto project,
                         ParseId<ProjectId>(request.project_id(), "project_id"));
        const ProjectConnectorQuery query{.filter = {.source_project = project},
                                          .page_size = request.page_size(),
                                          .page_token = request.page_token()};
        ASSIGN_OR_RETURN(const auto page,
                         ListProjectConnectorsOf(context_, caller, project, query));
        return PageToProto<v1::GetProjectConnectorsBySourceProjectResponse>(page);
      });
}

grpc::ServerUnaryReactor* ProjectConnectorService::GetProjectConnectorsByTargetProject(
    grpc::CallbackServerContext* context,
    const v1::GetProjectConnectorsByTargetProjectRequest* request,
    v1::GetProjectConnectorsByTargetProjectResponse* response) {
  return rpc::Serve(
      serving_, context,
      "/penstock.connector.v1.ProjectConnectorService/GetProjectConnectorsByTargetProject", request,
      response,
      [this](const CallContext& caller,
             const v1::GetProjectConnectorsByTargetProjectRequest& request)
          -> absl::StatusOr<v1::GetProjectConnectorsByTargetProjectResponse> {
        ASSIGN_OR_RETURN(const auto project,
                         ParseId<ProjectId>(request.project_id(), "project_id"));
        const ProjectConnectorQuery query{.filter = {.target_project = project},
                                          .page_size = request.page_size(),
                                          .page_token = request.page_token()};
        ASSIGN_OR_RETURN(const auto page,
                         ListProjectConnectorsOf(context_, caller, project, query));
        return PageToProto<v1::GetProjectConnectorsByTargetProjectResponse>(page);
      });
}

}  // namespace penstock::connector
