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
                              .body = std::move(*reply.mutable_body())};
  for (auto& field : *reply.mutable_headers()) {
    response.headers.emplace_back(std::move(*field.mutable_name()), std::move(*field.mutable_value()));
  }
  answer.response = std::move(response);
  return answer;
}

// One delivery, one answer. Deletes itself when the call is over.
class SingleDelivery final : public grpc::ClientBidiReactor<v1::DeliverRequest, v1::DeliverResponse> {
 public:
  SingleDelivery(std::shared_ptr<v1::IngressService::Stub> stub, const auth::ServiceTokens& tokens, const Clock& clock,
                 const InboundDelivery& delivery, std::function<void(const absl::StatusOr<DeliveryAnswer>&)> answered)
      : stub_(std::move(stub)), answered_(std::move(answered)) {
    rpc::PrepareCall(context_, tokens, delivery.tenant, clock.Now() + kDeliveryDeadline);
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

Forwarder::Forwarder(LeaseKeeper& leases, const auth::ServiceTokens& tokens, const Clock& clock)
    : leases_(leases), tokens_(tokens), clock_(clock) {}

absl::StatusOr<std::shared_ptr<Forwarder::Stub>> Forwarder::StubFor(ShardId shard) {
  std::optional<Member> owner = leases_.OwnerOf(shard);
  if (!owner) return ShardMoving();
  return StubAt(owner->address);
}

absl::StatusOr<std::shared_ptr<Forwarder::Stub>> Forwarder::StubAt(const std::string& address) {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<Stub>& stub = stubs_[address];
  if (!stub) {
    ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, rpc::CreateChannel({.address = address}));
    stub = v1::IngressService::NewStub(channel);
  }
  return stub;
}

void Forwarder::Deliver(ShardId shard, const InboundDelivery& delivery, std::function<void(const absl::StatusOr<DeliveryAnswer>&)> answered) {
  absl::StatusOr<std::shared_ptr<Stub>> stub = StubFor(shard);
  if (!stub.ok()) return answered(stub.status());
  new SingleDelivery(*std::move(stub), tokens_, clock_, delivery, std::move(answered));
}

absl::StatusOr<v1::Execution> Forwarder::Start(ShardId shard, const auth::CallContext& caller, const v1::ForwardStartRequest& request) {
  return CallOwner(shard, caller, [&request](Stub& stub, grpc::ClientContext& context, v1::Execution& execution) {
    return stub.ForwardStart(&context, request, &execution);
  });
}

absl::StatusOr<v1::Execution> Forwarder::Steer(ShardId shard, const auth::CallContext& caller, const v1::ForwardControlRequest& request) {
  return CallOwner(shard, caller, [&request](Stub& stub, grpc::ClientContext& context, v1::Execution& execution) {
    return stub.ForwardControl(&context, request, &execution);
  });
}

absl::StatusOr<v1::Execution> Forwarder::CallOwner(ShardId shard, const auth::CallContext& caller, const Call& call) {
  absl::Time until = std::min(caller.deadline, clock_.Now() + kMovePatience);
  while (true) {
    absl::StatusOr<std::shared_ptr<Stub>> stub = StubFor(shard);
    absl::Status status = stub.status();
    if (stub.ok()) {
      grpc::ClientContext context;
      rpc::PrepareCall(context, tokens_, caller);
      v1::Execution execution;
      status = rpc::FromGrpcStatus(call(**stub, context, execution));
      if (status.ok()) return execution;
    }
    // Who owns what was looked up a heartbeat ago; it may have changed since. Any other error is the owner's answer.
    if (ReasonOf(status) != kShardMoving || clock_.Now() + kLookAgainAfter > until) return status;
    leases_.RefreshSoon();
    absl::SleepFor(kLookAgainAfter);
  }
}

void Forwarder::InvalidateRoutes(TenantId tenant) {
  for (const Member& member : leases_.members()) {
    if (leases_.IsSelf(member)) continue;
    absl::StatusOr<std::shared_ptr<Stub>> stub = StubAt(member.address);
    if (!stub.ok()) continue;
    grpc::ClientContext context;
    rpc::PrepareCall(context, tokens_, tenant, clock_.Now() + kInvalidateDeadline);
    v1::InvalidateRoutesRequest request;
    request.set_tenant_id(tenant.ToString());
    v1::InvalidateRoutesResponse response;
    grpc::Status status = (*stub)->InvalidateRoutes(&context, request, &response);
    // Its own loop sees the new generation within a second.
    if (!status.ok()) log::Warning("another engine did not drop its routes", {{"address", member.address}, {"error", status.error_message()}});
  }
}

}  // namespace penstock::workflow_engine
