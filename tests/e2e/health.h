// What grpc.health.v1 says of a service.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "tests/e2e/health.grpc.pb.h"

namespace penstock::e2e {

using grpc::health::v1::HealthCheckResponse;

// UNKNOWN when it does not answer.
HealthCheckResponse::ServingStatus Health(const std::shared_ptr<grpc::Channel>& channel);

// Asks until the answer is `wanted`; false when it never was. Each look is a round trip, so this
// does not spin.
bool Becomes(const std::shared_ptr<grpc::Channel>& channel,
             HealthCheckResponse::ServingStatus wanted,
             absl::Duration patience = absl::Seconds(20));

}  // namespace penstock::e2e
