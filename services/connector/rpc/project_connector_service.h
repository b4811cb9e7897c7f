// penstock.connector.v1.ProjectConnectorService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/connector/v1/project_connector.grpc.pb.h"
#include "services/connector/ops/project_connectors.h"

namespace penstock::connector {

class ProjectConnectorService final : public v1::ProjectConnectorService::CallbackService {
 public:
  // Both outlive the service.
  ProjectConnectorService(rpc::Serving& serving, const ProjectConnectorContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* CreateProjectConnector(grpc::CallbackServerContext* context,
                                                   const v1::CreateProjectConnectorRequest* request,
                                                   v1::ProjectConnector* response) override;
  grpc::ServerUnaryReactor* GetProjectConnector(grpc::CallbackServerContext* context,
                                                const v1::GetProjectConnectorRequest* request,
                                                v1::ProjectConnector* response) override;
  grpc::ServerUnaryReactor* ListProjectConnectors(
      grpc::CallbackServerContext* context, const v1::ListProjectConnectorsRequest* request,
      v1::ListProjectConnectorsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateProjectConnector(grpc::CallbackServerContext* context,
                                                   const v1::UpdateProjectConnectorRequest* request,
                                                   v1::ProjectConnector* response) override;
  grpc::ServerUnaryReactor* DeleteProjectConnector(
      grpc::CallbackServerContext* context, const v1::DeleteProjectConnectorRequest* request,
      v1::DeleteProjectConnectorResponse* response) override;
  grpc::ServerUnaryReactor* GetProjectConnectorsBySourceProject(
      grpc::CallbackServerContext* context,
      const v1::GetProjectConnectorsBySourceProjectRequest* request,
      v1::GetProjectConnectorsBySourceProjectResponse* response) override;
  grpc::ServerUnaryReactor* GetProjectConnectorsByTargetProject(
      grpc::CallbackServerContext* context,
      const v1::GetProjectConnectorsByTargetProjectRequest* request,
      v1::GetProjectConnectorsByTargetProjectResponse* response) override;

 private:
  rpc::Serving& serving_;
  const ProjectConnectorContext& context_;
};

}  // namespace penstock::connector
