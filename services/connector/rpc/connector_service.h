// ConnectorService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/connector/v1/connector.grpc.pb.h"
#include "services/connector/ops/api_specs.h"
#include "services/connector/ops/connector_calls.h"

namespace penstock::connector {

class ConnectorService final : public v1::ConnectorService::CallbackService {
 public:
  // All outlive the service.
  ConnectorService(rpc::Serving& serving, const CallingContext& calling, ApiSpecs& specs)
      : serving_(serving), calling_(calling), context_(calling.connectors), specs_(specs) {}

  grpc::ServerUnaryReactor* CreateConnector(grpc::CallbackServerContext* context,
                                            const v1::CreateConnectorRequest* request,
                                            v1::Connector* response) override;
  grpc::ServerUnaryReactor* GetConnector(grpc::CallbackServerContext* context,
                                         const v1::GetConnectorRequest* request,
                                         v1::Connector* response) override;
  grpc::ServerUnaryReactor* ListConnectors(grpc::CallbackServerContext* context,
                                           const v1::ListConnectorsRequest* request,
                                           v1::ListConnectorsResponse* response) override;
  grpc::ServerUnaryReactor* GetConnectorsByType(grpc::CallbackServerContext* context,
                                                const v1::GetConnectorsByTypeRequest* request,
                                                v1::GetConnectorsByTypeResponse* response) override;
  grpc::ServerUnaryReactor* UpdateConnector(grpc::CallbackServerContext* context,
                                            const v1::UpdateConnectorRequest* request,
                                            v1::Connector* response) override;
  grpc::ServerUnaryReactor* SetConnectorSecrets(grpc::CallbackServerContext* context,
                                                const v1::SetConnectorSecretsRequest* request,
                                                v1::Connector* response) override;
  grpc::ServerUnaryReactor* DeleteConnector(grpc::CallbackServerContext* context,
                                            const v1::DeleteConnectorRequest* request,
                                            v1::DeleteConnectorResponse* response) override;
  grpc::ServerUnaryReactor* TestConnector(grpc::CallbackServerContext* context,
                                          const v1::TestConnectorRequest* request,
                                          v1::TestConnectorResponse* response) override;
  grpc::ServerUnaryReactor* FetchData(grpc::CallbackServerContext* context,
                                      const v1::FetchDataRequest* request,
                                      v1::FetchDataResponse* response) override;
  grpc::ServerUnaryReactor* PerformAction(grpc::CallbackServerContext* context,
                                          const v1::PerformActionRequest* request,
                                          v1::PerformActionResponse* response) override;
  grpc::ServerUnaryReactor* ListActions(grpc::CallbackServerContext* context,
                                        const v1::ListActionsRequest* request,
                                        v1::ListActionsResponse* response) override;
  grpc::ServerUnaryReactor* ListAuthTypes(grpc::CallbackServerContext* context,
                                          const v1::ListAuthTypesRequest* request,
                                          v1::ListAuthTypesResponse* response) override;

 private:
  rpc::Serving& serving_;
  const CallingContext& calling_;
  const ConnectorContext& context_;
  ApiSpecs& specs_;
};

}  // namespace penstock::connector
