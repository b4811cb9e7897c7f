#include "services/interfaces/rpc/service_interface_service.h"

#include <utility>

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_service_interface.h"

namespace penstock::interfaces {

using auth::CallContext;

grpc::ServerUnaryReactor* ServiceInterfaceService::CreateServiceInterface(
    grpc::CallbackServerContext* context, const v1::CreateServiceInterfaceRequest* request,
    v1::ServiceInterface* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.ServiceInterfaceService/CreateServiceInterface",
      request, response,
      [this](const CallContext& caller, const v1::CreateServiceInterfaceRequest& request)
          -> absl::StatusOr<v1::ServiceInterface> {
        ASSIGN_OR_RETURN(ServiceInterface interface, FromProto(caller, request));
        ASSIGN_OR_RETURN(
            const ServiceInterface created,
            interfaces::CreateServiceInterface(context_, caller, std::move(interface)));
        return ToProto(created);
      });
}

grpc::ServerUnaryReactor* ServiceInterfaceService::GetServiceInterface(
    grpc::CallbackServerContext* context, const v1::GetServiceInterfaceRequest* request,
    v1::ServiceInterface* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.ServiceInterfaceService/GetServiceInterface",
      request, response,
      [this](const CallContext& caller, const v1::GetServiceInterfaceRequest& request)
          -> absl::StatusOr<v1::ServiceInterface> {
        ASSIGN_OR_RETURN(const InterfaceId id, ParseId<InterfaceId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const ServiceInterface interface,
                         interfaces::GetServiceInterface(context_, caller, id));
        return ToProto(interface);
      });
}

grpc::ServerUnaryReactor* ServiceInterfaceService::ListServiceInterfaces(
    grpc::CallbackServerContext* context, const v1::ListServiceInterfacesRequest* request,
    v1::ListServiceInterfacesResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.ServiceInterfaceService/ListServiceInterfaces",
      request, response,
      [this](const CallContext& caller, const v1::ListServiceInterfacesRequest& request)
          -> absl::StatusOr<v1::ListServiceInterfacesResponse> {
        ASSIGN_OR_RETURN(const InterfaceQuery query, FromProto(request));
        ASSIGN_OR_RETURN(const auto page,
                         interfaces::ListServiceInterfaces(context_, caller, query));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* ServiceInterfaceService::GetByService(
    grpc::CallbackServerContext* context, const v1::GetByServiceRequest* request,
    v1::GetByServiceResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.ServiceInterfaceService/GetByService", request,
      response,
      [this](const CallContext& caller,
             const v1::GetByServiceRequest& request) -> absl::StatusOr<v1::GetByServiceResponse> {
        ASSIGN_OR_RETURN(const WorkflowId service,
                         ParseId<WorkflowId>(request.service_id(), "service_id"));
        ASSIGN_OR_RETURN(const auto interfaces,
                         interfaces::GetInterfacesOfService(context_, caller, service));
        return ToProto(interfaces);
      });
}

grpc::ServerUnaryReactor* ServiceInterfaceService::UpdateServiceInterface(
    grpc::CallbackServerContext* context, const v1::UpdateServiceInterfaceRequest* request,
    v1::ServiceInterface* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.ServiceInterfaceService/UpdateServiceInterface",
      request, response,
      [this](const CallContext& caller, const v1::UpdateServiceInterfaceRequest& request)
          -> absl::StatusOr<v1::ServiceInterface> {
        ASSIGN_OR_RETURN(const InterfaceChange change, FromProto(caller, request));
        ASSIGN_OR_RETURN(const ServiceInterface interface,
                         interfaces::UpdateServiceInterface(context_, caller, change));
        return ToProto(interface);
      });
}

grpc::ServerUnaryReactor* ServiceInterfaceService::DeleteServiceInterface(
    grpc::CallbackServerContext* context, const v1::DeleteServiceInterfaceRequest* request,
    v1::DeleteServiceInterfaceResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.ServiceInterfaceService/DeleteServiceInterface",
      request, response,
      [this](const CallContext& caller, const v1::DeleteServiceInterfaceRequest& request)
          -> absl::StatusOr<v1::DeleteServiceInterfaceResponse> {
        ASSIGN_OR_RETURN(const InterfaceId id, ParseId<InterfaceId>(request.id(), "id"));
        RETURN_IF_ERROR(interfaces::DeleteServiceInterface(context_, caller, id));
        return v1::DeleteServiceInterfaceResponse();
      });
}

grpc::ServerUnaryReactor* ServiceInterfaceService::InvokeServiceInterface(
    grpc::CallbackServerContext* context, const v1::InvokeServiceInterfaceRequest* request,
    v1::InvokeServiceInterfaceResponse* response) {
  return rpc::ServeAsync(
      serving_, context, "/penstock.interfaces.v1.ServiceInterfaceService/InvokeServiceInterface",
      request, response,
      [this](const CallContext& caller, const v1::InvokeServiceInterfaceRequest& request,
             rpc::Done<v1::InvokeServiceInterfaceResponse> done) {
        absl::StatusOr<Invocation> invocation = FromProto(caller, request);
        if (!invocation.ok()) return done(invocation.status());
        calls_.Invoke(caller, *std::move(invocation),
                      [done](const absl::StatusOr<InvocationResult>& result) {
                        if (!result.ok()) return done(result.status());
                        done(ToProto(*result));
                      });
      });
}

}  // namespace penstock::interfaces
