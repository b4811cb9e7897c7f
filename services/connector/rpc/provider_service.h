// penstock.connector.v1.ProviderService on the wire. A provider is the same message inside and
// outside, so that there is nothing to convert but the requests around it.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/connector/v1/provider.grpc.pb.h"
#include "services/connector/providers/ops/providers.h"

namespace penstock::connector {

class ProviderService final : public connector::v1::ProviderService::CallbackService {
 public:
  // Both outlive the service.
  ProviderService(rpc::Serving& serving, const ProviderContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* ListProviders(grpc::CallbackServerContext* context,
                                          const connector::v1::ListProvidersRequest* request,
                                          connector::v1::ListProvidersResponse* response) override;
  grpc::ServerUnaryReactor* GetProvider(grpc::CallbackServerContext* context,
                                        const connector::v1::GetProviderRequest* request,
                                        connector::v1::Provider* response) override;
  grpc::ServerUnaryReactor* CreateProvider(grpc::CallbackServerContext* context,
                                           const connector::v1::CreateProviderRequest* request,
                                           connector::v1::Provider* response) override;
  grpc::ServerUnaryReactor* UpdateProvider(grpc::CallbackServerContext* context,
                                           const connector::v1::UpdateProviderRequest* request,
                                           connector::v1::Provider* response) override;
  grpc::ServerUnaryReactor* DeleteProvider(
      grpc::CallbackServerContext* context, const connector::v1::DeleteProviderRequest* request,
      connector::v1::DeleteProviderResponse* response) override;

 private:
  rpc::Serving& serving_;
  const ProviderContext& context_;
};

}  // namespace penstock::connector
