#include "services/workflow_engine/ingress/forwarder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/support/client_callback.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/status_conversion.h"
#include "libs/log/log.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ingress/wire_delivery.h"

namespace penstock::workflow_engine {
namespace {

constexpr absl::Duration kDeliveryDeadline = absl::Seconds(60);
constexpr absl::Duration kLongestWait = absl::Minutes(10);
constexpr absl::Duration kInvalidateDeadline = absl::Seconds(2);
constexpr absl::Duration kMovePatience = absl::Seconds(8);
constexpr absl::Duration kLookAgainAfter = absl::Milliseconds(100);
constexpr char kShardMoving[] = "SHARD_MOVING";

absl::StatusOr<DeliveryAnswer> AnswerFromWire(v1::DeliveryReply&& reply) {
  if (reply.http_status() >= 400 && reply.webhook_id().empty()) {
    absl::StatusCode code = reply.http_status() == 429   ? absl::StatusCode::kResourceExhausted
                            : reply.http_status() == 401 ? absl::StatusCode::kUnauthenticated
                            : reply.http_status() == 400 ? absl::StatusCode::kInvalidArgument
                                                         : absl::StatusCode::kUnavailable;
    return WithRetryAfter(WithReason(absl::Status(code, reply.error_message()), reply.error_reason()),
                          absl::Seconds(reply.retry_after_seconds()));
  }
  DeliveryAnswer answer;
  answer.id = WebhookId(Uuid::FromBytes(reply.webhook_id()).value_or(Uuid()));
  if (reply.body().empty() && reply.content_type().empty()) return answer;
  Complete::Response response{.http_status = reply.http_status(),
                              .content_type = std::move(*reply.mutable_content_type()),
                              .body = std::move(*reply.mutable_body()),
                              .headers = {}};
  for (auto& field : *reply.mutable_headers()) {
    response.headers.emplace_back(std::move(*field.mutable_name()), std::move(*field.mutable_value()));
  }
  answer.response = std::move(response);
  return answer;
}

// One delivery, one answer. Deletes itself when the call is over.
class SingleDelivery final : public grpc::ClientBidiReactor<v1::DeliverRequest, v1::DeliverResponse> {
 public:
  SingleDelivery(std::shared_ptr<v1::IngressService::Stub> stub, const auth::ServiceTokens& tokens, absl::Time deadline,
                 const InboundDelivery& delivery, std::function<void(const absl::StatusOr<DeliveryAnswer>&)> answered)
      : stub_(std::move(stub)), answered_(std::move(answered)) {
    rpc::PrepareCall(context_, tokens, delivery.tenant, deadline);
    *request_.add_deliveries() = ToWire(delivery);
    request_.mutable_deliveries(0)->set_forwarded(true);
    stub_->async()->Deliver(&context_, this);
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&response_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok || response_.replies_size() == 0 || std::exchange(has_answered_, true)) return;
    answered_(AnswerFromWire(std::move(*response_.mutable_replies(0))));
  }

  void OnDone(const grpc::Status& status) override {
    if (!has_answered_) {
      answered_(WithReason(absl::UnavailableError("the owner of the shard did not answer: " + status.error_message()), "OUTCOME_UNKNOWN"));
    }
    delete this;
  }

 private:
  std::shared_ptr<v1::IngressService::Stub> stub_;
  std::function<void(const absl::StatusOr<DeliveryAnswer>&)> answered_;
  grpc::ClientContext context_;
  v1::DeliverRequest request_;
  v1::DeliverResponse response_;
  bool has_answered_ = false;
};

}  // namespace

absl::Status ShardMoving() {
  return WithRetryAfter(WithReason(absl::UnavailableError("the shard is between two owners"), kShardMoving), absl::Seconds(1));
}

struct Forwarder::Core : std::enable_shared_from_this<Core> {
  Core(LeaseKeeper& leases, const auth::ServiceTokens& tokens, rpc::ChannelOptions channel, const Clock& clock, lifecycle::Later later)
      : leases(leases), tokens(tokens), channel(std::move(channel)), clock(clock), later(std::move(later)) {}

  absl::StatusOr<std::shared_ptr<Stub>> StubFor(ShardId shard) {
    absl::MutexLock lock(&mutex);
    if (closed) return absl::UnavailableError("the engine is shutting down");
    std::optional<Member> owner = leases.OwnerOf(shard);
    if (!owner) return ShardMoving();
    return StubAt(owner->address);
  }

  absl::StatusOr<std::shared_ptr<Stub>> StubAt(const std::string& address) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::shared_ptr<Stub>& stub = stubs[address];
    if (!stub) {
      rpc::ChannelOptions options = channel;
      options.address = address;
      ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, rpc::CreateChannel(options));
      stub = v1::IngressService::NewStub(channel);
    }
    return stub;
  }

  // Attempts until the owner has answered or `until` has come. `failed` gets what is not to be tried again.
  void ToOwner(ShardId shard, absl::Time until, Attempt attempt, Ended failed) {
    Ended ended = [this, self = shared_from_this(), shard, until, attempt, failed](const absl::Status& status) {
      if (!LookAgain(shard, until, attempt, failed, status)) failed(status);
    };
    absl::StatusOr<std::shared_ptr<Stub>> stub = StubFor(shard);
    stub.ok() ? attempt(*std::move(stub), std::move(ended)) : ended(stub.status());
  }

  // Who owns what was looked up a heartbeat ago; it may have changed since. Any other error is the owner's answer.
  bool LookAgain(ShardId shard, absl::Time until, const Attempt& attempt, const Ended& failed, const absl::Status& status) {
    if (ReasonOf(status) != kShardMoving || clock.Now() + kLookAgainAfter > until) return false;
    absl::MutexLock lock(&mutex);
    if (closed) return false;
    leases.RefreshSoon();
    later(kLookAgainAfter, [this, self = shared_from_this(), shard, until, attempt, failed] { ToOwner(shard, until, attempt, failed); });
    return true;
  }

  LeaseKeeper& leases;
  const auth::ServiceTokens& tokens;
  const rpc::ChannelOptions channel;
  const Clock& clock;
  const lifecycle::Later later;
  absl::Mutex mutex;
  bool closed ABSL_GUARDED_BY(mutex) = false;
  absl::flat_hash_map<std::string, std::shared_ptr<Stub>> stubs ABSL_GUARDED_BY(mutex);
};

Forwarder::Forwarder(LeaseKeeper& leases, const auth::ServiceTokens& tokens, rpc::ChannelOptions channel, const Clock& clock, lifecycle::Later later)
    : core_(std::make_shared<Core>(leases, tokens, std::move(channel), clock, std::move(later))) {}

Forwarder::~Forwarder() {
  absl::MutexLock lock(&core_->mutex);
  core_->closed = true;
}

void Forwarder::Deliver(ShardId shard, const InboundDelivery& delivery, Answered answered) {
  auto shared = std::make_shared<const InboundDelivery>(delivery);
  auto attempt = [core = core_, shared, answered](std::shared_ptr<Stub> stub, Ended failed) {
    new SingleDelivery(std::move(stub), core->tokens, core->clock.Now() + kDeliveryDeadline, *shared,
                       [answered, failed](const absl::StatusOr<DeliveryAnswer>& answer) { answer.ok() ? answered(answer) : failed(answer.status()); });
  };
  core_->ToOwner(shard, core_->clock.Now() + kMovePatience, attempt, [answered](const absl::Status& status) { answered(status); });
}

void Forwarder::Await(TenantId tenant, const Awaited& awaited, absl::Time deadline, Answered answered) {
  InboundDelivery wait;
  wait.tenant = tenant;
  wait.awaited = awaited;
  deadline = std::min(deadline, core_->clock.Now() + kLongestWait);
  auto attempt = [core = core_, wait, deadline, answered](std::shared_ptr<Stub> stub, Ended failed) {
    new SingleDelivery(std::move(stub), core->tokens, deadline, wait, [answered, failed](const absl::StatusOr<DeliveryAnswer>& answer) {
      if (answer.ok()) return answered(answer);
      // It may move once more, or its new owner not listen yet; to wait again is safe.
      failed(absl::IsUnavailable(answer.status()) ? ShardMoving() : answer.status());
    });
  };
  core_->ToOwner(ShardOf(awaited.execution), deadline, attempt, [answered](const absl::Status& status) { answered(status); });
}

// One unary call of an attempt, with what must live as long as it.
Forwarder::Attempt Forwarder::Calling(
    const auth::CallContext& caller,
    std::function<void(Stub&, grpc::ClientContext&, v1::Execution&, std::function<void(grpc::Status)>)> call, Done done) {
  return [core = core_, caller, call = std::move(call), done = std::move(done)](std::shared_ptr<Stub> stub, Ended failed) {
    struct UnderWay {
      std::shared_ptr<Stub> stub;
      grpc::ClientContext context;
      v1::Execution execution;
    };
    auto under_way = std::make_shared<UnderWay>();
    under_way->stub = std::move(stub);
    rpc::PrepareCall(under_way->context, core->tokens, caller);
    call(*under_way->stub, under_way->context, under_way->execution, [under_way, done, failed](grpc::Status status) {
      status.ok() ? done(std::move(under_way->execution)) : failed(rpc::FromGrpcStatus(status));
    });
  };
}

void Forwarder::Start(ShardId shard, const auth::CallContext& caller, v1::ForwardStartRequest request, Done done) {
  auto shared = std::make_shared<const v1::ForwardStartRequest>(std::move(request));
  auto call = [shared](Stub& stub, grpc::ClientContext& context, v1::Execution& execution, std::function<void(grpc::Status)> ended) {
    stub.async()->ForwardStart(&context, shared.get(), &execution, [shared, ended = std::move(ended)](grpc::Status status) { ended(std::move(status)); });
  };
  absl::Time until = std::min(caller.deadline, core_->clock.Now() + kMovePatience);
  core_->ToOwner(shard, until, Calling(caller, call, done), [done](const absl::Status& status) { done(status); });
}

void Forwarder::Steer(ShardId shard, const auth::CallContext& caller, v1::ForwardControlRequest request, Done done) {
  auto shared = std::make_shared<const v1::ForwardControlRequest>(std::move(request));
  auto call = [shared](Stub& stub, grpc::ClientContext& context, v1::Execution& execution, std::function<void(grpc::Status)> ended) {
    stub.async()->ForwardControl(&context, shared.get(), &execution, [shared, ended = std::move(ended)](grpc::Status status) { ended(std::move(status)); });
  };
  absl::Time until = std::min(caller.deadline, core_->clock.Now() + kMovePatience);
  core_->ToOwner(shard, until, Calling(caller, call, done), [done](const absl::Status& status) { done(status); });
}

void Forwarder::InvalidateRoutes(TenantId tenant) {
  std::vector<Member> members = core_->leases.members();
  for (const Member& member : members) {
    if (core_->leases.IsSelf(member)) continue;
    absl::StatusOr<std::shared_ptr<Stub>> stub;
    {
      absl::MutexLock lock(&core_->mutex);
      stub = core_->StubAt(member.address);
    }
    if (!stub.ok()) continue;
    grpc::ClientContext context;
    rpc::PrepareCall(context, core_->tokens, tenant, core_->clock.Now() + kInvalidateDeadline);
    v1::InvalidateRoutesRequest request;
    request.set_tenant_id(tenant.ToString());
    v1::InvalidateRoutesResponse response;
    grpc::Status status = (*stub)->InvalidateRoutes(&context, request, &response);
    // Its own loop sees the new generation within a second.
    if (!status.ok()) log::Warning("another engine did not drop its routes", {{"address", member.address}, {"error", status.error_message()}});
  }
}

}  // namespace penstock::workflow_engine
