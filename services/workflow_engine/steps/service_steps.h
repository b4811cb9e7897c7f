// Calls steps of Penstock's own workflows at the services that run them.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "libs/grpc/channel.h"
#include "penstock/platform/v1/step.grpc.pb.h"
#include "services/workflow_engine/engine/shard_group.h"

namespace penstock::workflow_engine {

class ServiceSteps final : public StepCaller {
 public:
  // Where each service listens, by its name. References outlive this object. INVALID_ARGUMENT when a TLS file can't be read.
  static absl::StatusOr<std::unique_ptr<ServiceSteps>> Create(const std::map<std::string, rpc::ChannelOptions>& services,
                                                              const auth::ServiceTokens& tokens, const Clock& clock);
  // Cancels what is under way and waits until it has been told so.
  ~ServiceSteps() override;

  void Call(TenantId tenant, ExecutionId execution, CallService step, std::function<void(absl::StatusOr<std::string>)> done) override;

 private:
  struct UnderWay;
  ServiceSteps(const auth::ServiceTokens& tokens, const Clock& clock) : tokens_(tokens), clock_(clock) {}

  const auth::ServiceTokens& tokens_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<platform::v1::StepService::Stub>, std::less<>> stubs_;
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<std::shared_ptr<UnderWay>> under_way_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::workflow_engine
