// Service interfaces on the wire.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "penstock/interfaces/v1/service_interface.pb.h"
#include "services/interfaces/ops/invoke_interface.h"
#include "services/interfaces/ops/service_interfaces.h"

namespace penstock::interfaces {

// INVALID_ARGUMENT names the field.
absl::StatusOr<ServiceInterface> FromProto(const auth::CallContext& caller,
                                           const v1::CreateServiceInterfaceRequest& request);
absl::StatusOr<InterfaceQuery> FromProto(const v1::ListServiceInterfacesRequest& request);
absl::StatusOr<InterfaceChange> FromProto(const auth::CallContext& caller,
                                          const v1::UpdateServiceInterfaceRequest& request);
absl::StatusOr<Invocation> FromProto(const auth::CallContext& caller,
                                     const v1::InvokeServiceInterfaceRequest& request);

absl::StatusOr<v1::ServiceInterface> ToProto(const ServiceInterface& interface);
absl::StatusOr<v1::ListServiceInterfacesResponse> ToProto(
    const paging::Page<ServiceInterface>& page);
absl::StatusOr<v1::GetByServiceResponse> ToProto(const std::vector<ServiceInterface>& interfaces);
v1::InvokeServiceInterfaceResponse ToProto(const InvocationResult& result);

}  // namespace penstock::interfaces
