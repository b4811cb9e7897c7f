// Sends to another engine what only the owner of a shard may do.
//
// Nothing here blocks but InvalidateRoutes. While a shard is between two owners, calls look again every 100 ms, without a thread, until somebody
// owns it or nobody waits any more; what the owner itself answers is the answer.
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
#include "libs/grpc/channel.h"
#include "libs/lifecycle/delayed_tasks.h"
#include "penstock/workflow/v1/ingress.grpc.pb.h"
#include "services/workflow_engine/engine/lease_keeper.h"
#include "services/workflow_engine/ingress/delivery.h"

namespace penstock::workflow_engine {

namespace v1 = ::penstock::workflow::v1;

// UNAVAILABLE, reason SHARD_MOVING, with RetryInfo: nobody owns the shard at this moment.
absl::Status ShardMoving();

class Forwarder {
 public:
  // All references, and what `later` is of, outlive this object. Calls still under way when it goes are answered all the same. `channel` is how
  // engines reach each other, but for the address.
  Forwarder(LeaseKeeper& leases, const auth::ServiceTokens& tokens, rpc::ChannelOptions channel, const Clock& clock, lifecycle::Later later);
  ~Forwarder();

  using Answered = std::function<void(const absl::StatusOr<DeliveryAnswer>&)>;
  using Done = std::function<void(absl::StatusOr<v1::Execution>)>;

  // One delivery to the owner of `shard`. `answered` is called once, here or on any thread, as is `done` below.
  void Deliver(ShardId shard, const InboundDelivery& delivery, Answered answered);

  // Takes up a wait for an execution that has moved away from here (HasMoved) with whoever runs it now, up to `deadline`.
  void Await(TenantId tenant, const Awaited& awaited, absl::Time deadline, Answered answered);

  // Called for the caller, up to its deadline.
  void Start(ShardId shard, const auth::CallContext& caller, v1::ForwardStartRequest request, Done done);
  void Steer(ShardId shard, const auth::CallContext& caller, v1::ForwardControlRequest request, Done done);

  // Tells every other live engine to drop its copy of a tenant's routes; waits, but not long for one that does not answer.
  void InvalidateRoutes(TenantId tenant);

 private:
  using Stub = v1::IngressService::Stub;
  using Ended = std::function<void(const absl::Status&)>;
  // Calls the owner once; an attempt that failed says how.
  using Attempt = std::function<void(std::shared_ptr<Stub>, Ended failed)>;
  struct Core;

  Attempt Calling(const auth::CallContext& caller, std::function<void(Stub&, grpc::ClientContext&, v1::Execution&, std::function<void(grpc::Status)>)> call,
                  Done done);

  // Shared with the calls under way, which may outlive this object.
  const std::shared_ptr<Core> core_;
};

}  // namespace penstock::workflow_engine
