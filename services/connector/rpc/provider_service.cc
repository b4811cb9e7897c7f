#include "services/connector/rpc/provider_service.h"

#include "libs/grpc/serve.h"
#include "libs/status/macros.h"
#include "services/connector/rpc/convert_provider.h"

namespace penstock::connector {

using auth::CallContext;

grpc::ServerUnaryReactor* ProviderService::ListProviders(grpc::CallbackServerContext* context,
                                                         const v1::ListProvidersRequest* request,
                                                         v1::ListProvidersResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ProviderService/ListProviders", request, response,
      [this](const CallContext& caller,
             const v1::ListProvidersRequest& request) -> absl::StatusOr<v1::ListProvidersResponse> {
        ASSIGN_OR_RETURN(const ProviderFilter filter, FromProto(request));
        ASSIGN_OR_RETURN(auto page,
                         connector::ListProviders(context_, caller, filter, request.page_size(),
                                                  request.page_token()));
        return ToProto(std::move(page));
      });
}

grpc::ServerUnaryReactor* ProviderService::GetProvider(grpc::CallbackServerContext* context,
                                                       const v1::GetProviderRequest* request,
                                                       v1::Provider* response) {
  return rpc::Serve(serving_, context, "/penstock.connector.v1.ProviderService/GetProvider",
                    request, response,
                    [this](const CallContext& caller, const v1::GetProviderRequest& request) {
                      return connector::GetProvider(context_, caller, request.id());
                    });
}

grpc::ServerUnaryReactor* ProviderService::CreateProvider(grpc::CallbackServerContext* context,
                                                          const v1::CreateProviderRequest* request,
                                                          v1::Provider* response) {
  return rpc::Serve(serving_, context, "/penstock.connector.v1.ProviderService/CreateProvider",
                    request, response,
                    [this](const CallContext& caller, const v1::CreateProviderRequest& request) {
                      return connector::CreateProvider(context_, caller, request.provider());
                    });
}

grpc::ServerUnaryReactor* ProviderService::UpdateProvider(grpc::CallbackServerContext* context,
                                                          const v1::UpdateProviderRequest* request,
                                                          v1::Provider* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.ProviderService/UpdateProvider", request, response,
      [this](const CallContext& caller,
             const v1::UpdateProviderRequest& request) -> absl::StatusOr<v1::Provider> {
        ASSIGN_OR_RETURN(const ProviderChange change, FromProto(request));
        return connector::UpdateProvider(context_, caller, change);
      });
}

grpc::ServerUnaryReactor* ProviderService::DeleteProvider(grpc::CallbackServerContext* context,
                                                          const v1::DeleteProviderRequest* request,
                                                          v1::DeleteProviderResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.connector.v1.ProviderService/DeleteProvider",
                    request, response,
                    [this](const CallContext& caller, const v1::DeleteProviderRequest& request)
                        -> absl::StatusOr<v1::DeleteProviderResponse> {
                      RETURN_IF_ERROR(connector::DeleteProvider(context_, caller, request.id()));
                      return v1::DeleteProviderResponse();
                    });
}

}  // namespace penstock::connector
