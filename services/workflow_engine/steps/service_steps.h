// Calls steps that nodes have other services run.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/outgoing_calls.h"
#include "penstock/platform/v1/step.grpc.pb.h"
#include "services/workflow_engine/engine/shard_group.h"

namespace penstock::workflow_engine {

class ServiceSteps final : public StepCaller {
 public:
  // Where each service listens, by its name. References outlive this object. INVALID_ARGUMENT when
  // a TLS file can't be read.
  static absl::StatusOr<std::unique_ptr<ServiceSteps>> Create(
      const std::map<std::string, rpc::ChannelOptions>& services, const auth::ServiceTokens& tokens,
      const Clock& clock);
  // Its end cancels what is under way and waits until it has been told so.

  void Call(TenantId tenant, ExecutionId execution, CallService step,
            std::function<void(absl::StatusOr<std::string>)> done) override;

 private:
  ServiceSteps(const auth::ServiceTokens& tokens, const Clock& clock)
      : tokens_(tokens), clock_(clock) {}

  const auth::ServiceTokens& tokens_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<platform::v1::StepService::Stub>, std::less<>> stubs_;
  rpc::OutgoingCalls calls_;
};

}  // namespace penstock::workflow_engine
