// Sends to another engine what only the owner of a shard may do.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/channel.h"
#include "libs/auth/call_context.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "penstock/workflow/v1/ingress.grpc.pb.h"
#include "services/workflow_engine/engine/lease_keeper.h"
#include "services/workflow_engine/ingress/delivery.h"

namespace penstock::workflow_engine {

namespace v1 = ::penstock::workflow::v1;

// UNAVAILABLE, reason SHARD_MOVING, with RetryInfo: nobody owns the shard at this moment.
absl::Status ShardMoving();

class Forwarder {
 public:
  Forwarder(LeaseKeeper& leases, const auth::ServiceTokens& tokens, const Clock& clock);

  // One delivery to the owner of `shard`. UNAVAILABLE with RetryInfo while nobody owns it. `answered` is called once.
  void Deliver(ShardId shard, const InboundDelivery& delivery, std::function<void(const absl::StatusOr<DeliveryAnswer>&)> answered);

  // The following block until the owner has answered. While a shard is between two owners they look again, for a few seconds.
  absl::StatusOr<v1::Execution> Start(ShardId shard, const auth::CallContext& caller, const v1::ForwardStartRequest& request);
  absl::StatusOr<v1::Execution> Steer(ShardId shard, const auth::CallContext& caller, const v1::ForwardControlRequest& request);

  // Tells every other live engine to drop its copy of a tenant's routes; waits, but not long for one that does not answer.
  void InvalidateRoutes(TenantId tenant);

 private:
  using Stub = v1::IngressService::Stub;
  using Call = std::function<grpc::Status(Stub& stub, grpc::ClientContext& context, v1::Execution& execution)>;
  absl::StatusOr<v1::Execution> CallOwner(ShardId shard, const auth::CallContext& caller, const Call& call);
  absl::StatusOr<std::shared_ptr<Stub>> StubFor(ShardId shard);
  absl::StatusOr<std::shared_ptr<Stub>> StubAt(const std::string& address);

  LeaseKeeper& leases_;
  const auth::ServiceTokens& tokens_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Stub>> stubs_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::workflow_engine
