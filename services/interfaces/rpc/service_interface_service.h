// penstock.interfaces.v1.ServiceInterfaceService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/interfaces/v1/service_interface.grpc.pb.h"
#include "services/interfaces/ops/invoke_interface.h"
#include "services/interfaces/ops/service_interfaces.h"

namespace penstock::interfaces {

class ServiceInterfaceService final : public v1::ServiceInterfaceService::CallbackService {
 public:
  // All outlive the service.
  ServiceInterfaceService(rpc::Serving& serving, const InterfaceContext& context,
                          InterfaceCalls& calls)
      : serving_(serving), context_(context), calls_(calls) {}

  grpc::ServerUnaryReactor* CreateServiceInterface(grpc::CallbackServerContext* context,
                                                   const v1::CreateServiceInterfaceRequest* request,
                                                   v1::ServiceInterface* response) override;
  grpc::ServerUnaryReactor* GetServiceInterface(grpc::CallbackServerContext* context,
                                                const v1::GetServiceInterfaceRequest* request,
                                                v1::ServiceInterface* response) override;
  grpc::ServerUnaryReactor* ListServiceInterfaces(
      grpc::CallbackServerContext* context, const v1::ListServiceInterfacesRequest* request,
      v1::ListServiceInterfacesResponse* response) override;
  grpc::ServerUnaryReactor* GetByService(grpc::CallbackServerContext* context,
                                         const v1::GetByServiceRequest* request,
                                         v1::GetByServiceResponse* response) override;
  grpc::ServerUnaryReactor* UpdateServiceInterface(grpc::CallbackServerContext* context,
                                                   const v1::UpdateServiceInterfaceRequest* request,
                                                   v1::ServiceInterface* response) override;
  grpc::ServerUnaryReactor* DeleteServiceInterface(
      grpc::CallbackServerContext* context, const v1::DeleteServiceInterfaceRequest* request,
      v1::DeleteServiceInterfaceResponse* response) override;
  grpc::ServerUnaryReactor* InvokeServiceInterface(
      grpc::CallbackServerContext* context, const v1::InvokeServiceInterfaceRequest* request,
      v1::InvokeServiceInterfaceResponse* response) override;

 private:
  rpc::Serving& serving_;
  const InterfaceContext& context_;
  InterfaceCalls& calls_;
};

}  // namespace penstock::interfaces
