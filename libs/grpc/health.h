// grpc.health.v1.Health, answering from Readiness. gRPC's own would say SERVING until told
// otherwise, and is not described by reflection.
#pragma once

#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/lifecycle/readiness.h"

namespace penstock::rpc {

// Every service of the process shares its readiness; "" stands for the process. A service whose
// descriptors are not linked in is NOT_FOUND (Check) or SERVICE_UNKNOWN (Watch). Needs no
// credentials.
class HealthService final : public ::grpc::health::v1::Health::CallbackService {
 public:
  explicit HealthService(lifecycle::Readiness& readiness) : readiness_(readiness) {}

  ::grpc::ServerUnaryReactor* Check(::grpc::CallbackServerContext* context,
                                    const ::grpc::health::v1::HealthCheckRequest* request,
                                    ::grpc::health::v1::HealthCheckResponse* response) override;
  // Ends with UNAVAILABLE when the process begins to drain.
  ::grpc::ServerWriteReactor<::grpc::health::v1::HealthCheckResponse>* Watch(
      ::grpc::CallbackServerContext* context,
      const ::grpc::health::v1::HealthCheckRequest* request) override;

 private:
  lifecycle::Readiness& readiness_;
};

}  // namespace penstock::rpc
