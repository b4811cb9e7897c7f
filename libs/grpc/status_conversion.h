// absl::Status on the wire: grpc::Status with the payloads as google.rpc.Status details
// ("grpc-status-details-bin"), and back.
#pragma once

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace penstock::rpc {

::grpc::Status ToGrpcStatus(const absl::Status& status);
absl::Status FromGrpcStatus(const ::grpc::Status& status);

}  // namespace penstock::rpc
