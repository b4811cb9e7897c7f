#include "services/connector/rpc/connector_service.h"

#include "libs/grpc/serve.h"
#include "libs/json/proto_json.h"
#include "libs/lifecycle/cancellation.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/connector/ops/connector_actions.h"
#include "services/connector/ops/connectors.h"
#include "services/connector/rpc/convert_call.h"
#include "services/connector/rpc/convert_connector.h"

namespace penstock::connector {

using auth::CallContext;

grpc::ServerUnaryReactor* ConnectorService::CreateConnector(
    grpc::CallbackServerContext* context, const v1::CreateConnectorRequest* request,
    v1::Connector* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/CreateConnector", request,
      response,
      [this](const CallContext& caller,
             const v1::CreateConnectorRequest& request) -> absl::StatusOr<v1::Connector> {
        ASSIGN_OR_RETURN(NewConnector asked, FromProto(caller, request));
        ASSIGN_OR_RETURN(const ConnectorView view,
                         connector::CreateConnector(context_, caller, std::move(asked)));
        calling_.known.Forget(caller.tenant, view.connector.id);
        return ToProto(view);
      });
}

grpc::ServerUnaryReactor* ConnectorService::GetConnector(grpc::CallbackServerContext* context,
                                                         const v1::GetConnectorRequest* request,
                                                         v1::Connector* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/GetConnector", request, response,
      [this](const CallContext& caller,
             const v1::GetConnectorRequest& request) -> absl::StatusOr<v1::Connector> {
        ASSIGN_OR_RETURN(const ConnectorId id, ParseId<ConnectorId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const ConnectorView view, connector::GetConnector(context_, caller, id));
        return ToProto(view);
      });
}

grpc::ServerUnaryReactor* ConnectorService::ListConnectors(grpc::CallbackServerContext* context,
                                                           const v1::ListConnectorsRequest* request,
                                                           v1::ListConnectorsResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.connector.v1.ConnectorService/ListConnectors",
                    request, response,
                    [this](const CallContext& caller, const v1::ListConnectorsRequest& request)
                        -> absl::StatusOr<v1::ListConnectorsResponse> {
                      ASSIGN_OR_RETURN(const ConnectorQuery query, FromProto(request));
                      ASSIGN_OR_RETURN(const auto page,
                                       connector::ListConnectors(context_, caller, query));
                      return ToProto(page);
                    });
}

grpc::ServerUnaryReactor* ConnectorService::GetConnectorsByType(
    grpc::CallbackServerContext* context, const v1::GetConnectorsByTypeRequest* request,
    v1::GetConnectorsByTypeResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/GetConnectorsByType", request,
      response,
      [this](const CallContext& caller, const v1::GetConnectorsByTypeRequest& request)
          -> absl::StatusOr<v1::GetConnectorsByTypeResponse> {
        ASSIGN_OR_RETURN(const ConnectorType type, TypeFrom(request.type(), "type"));
        ASSIGN_OR_RETURN(const auto project,
                         ParseOptionalId<ProjectId>(request.project_id(), "project_id"));
        ASSIGN_OR_RETURN(const auto found,
                         connector::GetConnectorsByType(context_, caller, type, project));
        return ToProto(found);
      });
}

grpc::ServerUnaryReactor* ConnectorService::UpdateConnector(
    grpc::CallbackServerContext* context, const v1::UpdateConnectorRequest* request,
    v1::Connector* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/UpdateConnector", request,
      response,
      [this](const CallContext& caller,
             const v1::UpdateConnectorRequest& request) -> absl::StatusOr<v1::Connector> {
        ASSIGN_OR_RETURN(ConnectorChange change, FromProto(caller, request));
        const ConnectorId id = change.connector.id;
        ASSIGN_OR_RETURN(const ConnectorView view,
                         connector::UpdateConnector(context_, caller, std::move(change)));
        calling_.known.Forget(caller.tenant, id);
        return ToProto(view);
      });
}

grpc::ServerUnaryReactor* ConnectorService::SetConnectorSecrets(
    grpc::CallbackServerContext* context, const v1::SetConnectorSecretsRequest* request,
    v1::Connector* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/SetConnectorSecrets", request,
      response,
      [this](const CallContext& caller,
             const v1::SetConnectorSecretsRequest& request) -> absl::StatusOr<v1::Connector> {
        ASSIGN_OR_RETURN(const ConnectorId id, ParseId<ConnectorId>(request.id(), "id"));
        ASSIGN_OR_RETURN(
            const ConnectorView view,
            connector::SetConnectorSecrets(context_, caller, id, SecretsFrom(request.secrets()),
                                           {request.clear().begin(), request.clear().end()}));
        calling_.known.Forget(caller.tenant, id);
        return ToProto(view);
      });
}

grpc::ServerUnaryReactor* ConnectorService::DeleteConnector(
    grpc::CallbackServerContext* context, const v1::DeleteConnectorRequest* request,
    v1::DeleteConnectorResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.connector.v1.ConnectorService/DeleteConnector",
                    request, response,
                    [this](const CallContext& caller, const v1::DeleteConnectorRequest& request)
                        -> absl::StatusOr<v1::DeleteConnectorResponse> {
                      ASSIGN_OR_RETURN(const ConnectorId id,
                                       ParseId<ConnectorId>(request.id(), "id"));
                      RETURN_IF_ERROR(connector::DeleteConnector(context_, caller, id));
                      calling_.known.Forget(caller.tenant, id);
                      return v1::DeleteConnectorResponse();
                    });
}

grpc::ServerUnaryReactor* ConnectorService::TestConnector(grpc::CallbackServerContext* context,
                                                          const v1::TestConnectorRequest* request,
                                                          v1::TestConnectorResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/TestConnector", request, response,
      [this](const CallContext& caller, const v1::TestConnectorRequest& request,
             lifecycle::Cancellation& gone) -> absl::StatusOr<v1::TestConnectorResponse> {
        ASSIGN_OR_RETURN(const ConnectorId id, ParseId<ConnectorId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const TestOutcome outcome,
                         connector::TestConnector(calling_, caller, id, gone));
        return ToProto(outcome);
      });
}

grpc::ServerUnaryReactor* ConnectorService::FetchData(grpc::CallbackServerContext* context,
                                                      const v1::FetchDataRequest* request,
                                                      v1::FetchDataResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/FetchData", request, response,
      [this](const CallContext& caller, const v1::FetchDataRequest& request,
             lifecycle::Cancellation& gone) -> absl::StatusOr<v1::FetchDataResponse> {
        ASSIGN_OR_RETURN(FetchRequest asked, FromProto(request));
        asked.call.gone = &gone;
        ASSIGN_OR_RETURN(const FetchResult result, connector::FetchData(calling_, caller, asked));
        v1::FetchDataResponse proto;
        ASSIGN_OR_RETURN(*proto.mutable_answer(), ToProto(result.answer));
        proto.set_pages(result.pages);
        proto.set_has_more(result.has_more);
        return proto;
      });
}

grpc::ServerUnaryReactor* ConnectorService::PerformAction(grpc::CallbackServerContext* context,
                                                          const v1::PerformActionRequest* request,
                                                          v1::PerformActionResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/PerformAction", request, response,
      [this](const CallContext& caller, const v1::PerformActionRequest& request,
             lifecycle::Cancellation& gone) -> absl::StatusOr<v1::PerformActionResponse> {
        ASSIGN_OR_RETURN(ActionRequest asked, FromProto(request));
        asked.gone = &gone;
        v1::PerformActionResponse proto;
        if (request.dry_run()) {
          ASSIGN_OR_RETURN(const egress::HttpRequest prepared,
                           connector::PrepareAction(calling_, specs_, caller, asked));
          *proto.mutable_request() = ToProto(prepared);
          return proto;
        }
        ASSIGN_OR_RETURN(const ActionResult result,
                         connector::PerformAction(calling_, specs_, caller, asked));
        ASSIGN_OR_RETURN(*proto.mutable_answer(), ToProto(result.answer));
        for (const std::string& warning : result.warnings) proto.add_warnings(warning);
        return proto;
      });
}

grpc::ServerUnaryReactor* ConnectorService::ListActions(grpc::CallbackServerContext* context,
                                                        const v1::ListActionsRequest* request,
                                                        v1::ListActionsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/ListActions", request, response,
      [this](const CallContext& caller,
             const v1::ListActionsRequest& request) -> absl::StatusOr<v1::ListActionsResponse> {
        ASSIGN_OR_RETURN(const ConnectorId id, ParseId<ConnectorId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const auto known, calling_.known.Get(caller, id));
        ASSIGN_OR_RETURN(const auto spec, specs_.Get(known->connector));
        return ActionsToProto(*spec);
      });
}

grpc::ServerUnaryReactor* ConnectorService::ListAuthTypes(grpc::CallbackServerContext* context,
                                                          const v1::ListAuthTypesRequest* request,
                                                          v1::ListAuthTypesResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ConnectorService/ListAuthTypes", request, response,
      [this](const CallContext& caller,
             const v1::ListAuthTypesRequest&) -> absl::StatusOr<v1::ListAuthTypesResponse> {
        (void)caller;
        return ToProto(context_.strategies);
      });
}

}  // namespace penstock::connector
