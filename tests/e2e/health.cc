#include "tests/e2e/health.h"

#include "absl/time/clock.h"

namespace penstock::e2e {

HealthCheckResponse::ServingStatus Health(const std::shared_ptr<grpc::Channel>& channel) {
  auto stub = grpc::health::v1::Health::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  HealthCheckResponse response;
  grpc::Status status = stub->Check(&context, {}, &response);
  return status.ok() ? response.status() : HealthCheckResponse::UNKNOWN;
}

bool Becomes(const std::shared_ptr<grpc::Channel>& channel,
             HealthCheckResponse::ServingStatus wanted, absl::Duration patience) {
  absl::Time deadline = absl::Now() + patience;
  while (Health(channel) != wanted) {
    if (absl::Now() > deadline) return false;
  }
  return true;
}

}  // namespace penstock::e2e
