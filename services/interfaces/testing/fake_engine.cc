#include "services/interfaces/testing/fake_engine.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <set>
#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "libs/grpc/status_conversion.h"
#include "libs/ids/uuid.h"
#include "libs/status/details.h"

namespace penstock::interfaces::testing {

namespace v1 = workflow::v1;
using v1::DeliverRequest;
using v1::DeliverResponse;

namespace {

[[noreturn]] void Refuse(const std::string& why) {
  std::fprintf(stderr, "fake engine: %s\n", why.c_str());
  std::abort();
}

void CheckDelivery(const v1::Delivery& delivery) {
  if (delivery.tenant_id().size() != 16) Refuse("tenant_id is not 16 bytes");
  if (delivery.correlation() == 0) Refuse("a delivery has no correlation");
  if (delivery.trigger_type().empty() || delivery.action_type().empty()) Refuse("no names");
  for (const auto& header : delivery.headers()) {
    for (char c : header.name()) {
      if (c >= 'A' && c <= 'Z') Refuse("a header's name is not in lower case: " + header.name());
    }
  }
}

}  // namespace

// One Deliver stream. Lives until OnDone.
class FakeEngine::Stream final : public grpc::ServerBidiReactor<DeliverRequest, DeliverResponse> {
 public:
  Stream(Ingress& ingress, grpc::CallbackServerContext& context)
      : ingress_(ingress), context_(context) {
    StartRead(&request_);
  }

  void Taken(int deliveries) {
    absl::MutexLock lock(&mutex_);
    unanswered_ += deliveries;
  }
  void Reply(v1::DeliveryReply reply) {
    absl::MutexLock lock(&mutex_);
    --unanswered_;
    *filling_.add_replies() = std::move(reply);
    Proceed();
  }
  void Break() { context_.TryCancel(); }
  // As the real engine: everything read before the sender half-closes is answered.
  void Drain() {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
    filling_.set_draining(true);
    Proceed();
  }
  void Refuse() {
    {
      absl::MutexLock lock(&mutex_);
      ended_ = true;
    }
    Finish(rpc::ToGrpcStatus(WithReason(absl::UnavailableError("draining"), "DRAINING")));
  }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (ok) Proceed();
  }
  void OnCancel() override { End(); }
  void OnDone() override;

 private:
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || ended_) return;
    if (filling_.replies_size() == 0 && !filling_.draining()) {
      if (no_more_ && draining_ && unanswered_ == 0) {
        ended_ = true;
        Finish(rpc::ToGrpcStatus(WithReason(absl::UnavailableError("draining"), "DRAINING")));
      }
      return;
    }
    writing_ = true;
    sending_.Clear();
    sending_.Swap(&filling_);
    StartWrite(&sending_);
  }
  void End() {
    {
      absl::MutexLock lock(&mutex_);
      if (std::exchange(ended_, true)) return;
    }
    Finish(grpc::Status::OK);
  }

  Ingress& ingress_;
  grpc::CallbackServerContext& context_;
  DeliverRequest request_;
  absl::Mutex mutex_;
  DeliverResponse filling_ ABSL_GUARDED_BY(mutex_), sending_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool no_more_ ABSL_GUARDED_BY(mutex_) = false;
  int unanswered_ ABSL_GUARDED_BY(mutex_) = 0;
};

class FakeEngine::Ingress final : public v1::IngressService::CallbackService {
 public:
  grpc::ServerBidiReactor<DeliverRequest, DeliverResponse>* Deliver(
      grpc::CallbackServerContext* context) override {
    NoteCaller(*context);
    absl::MutexLock lock(&mutex);
    auto* stream = new Stream(*this, *context);
    streams.insert(stream);
    if (draining) stream->Refuse();
    return stream;
  }

  void Take(Stream* stream, DeliverRequest& request) {
    Decide decided_by;
    {
      absl::MutexLock lock(&mutex);
      ++messages;
      decided_by = decide;
    }
    for (v1::Delivery& delivery : *request.mutable_deliveries()) {
      CheckDelivery(delivery);
      const uint64_t correlation = delivery.correlation();
      std::optional<v1::DeliveryReply> reply = decided_by(delivery);
      {
        absl::MutexLock lock(&mutex);
        deliveries.push_back(std::move(delivery));
        if (!reply) held.emplace_back(stream, correlation);
      }
      if (!reply) continue;
      reply->set_correlation(correlation);
      stream->Reply(*std::move(reply));
    }
  }

  void Forget(Stream* stream) {
    absl::MutexLock lock(&mutex);
    streams.erase(stream);
    std::erase_if(held, [&](const auto& entry) { return entry.first == stream; });
  }

  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* context,
                                           const v1::ListDeliveriesInternalRequest* request,
                                           v1::ListDeliveriesInternalResponse* response) override {
    return Answer(context, "ListDeliveries", [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      last_list = *request;
      for (const auto& delivery : stored) {
        if (request->id().empty() || request->id() == delivery.id()) {
          *response->add_deliveries() = delivery;
        }
      }
      response->set_total_size(response->deliveries_size());
      response->set_next_page_token(request->id().empty() ? "next" : "");
    });
  }

  grpc::ServerUnaryReactor* Redeliver(grpc::CallbackServerContext* context,
                                      const v1::RedeliverInternalRequest* request,
                                      v1::RedeliverInternalResponse* response) override {
    return Answer(context, "Redeliver", [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      response->mutable_delivery()->set_id(Uuid::MakeV7(absl::Now()).ToString());
      response->mutable_delivery()->set_redelivery_of(request->id());
      response->mutable_delivery()->set_outcome("accepted");
    });
  }

  grpc::ServerUnaryReactor* PutSigningSecret(grpc::CallbackServerContext* context,
                                             const v1::PutSigningSecretInternalRequest* request,
                                             v1::PutSigningSecretInternalResponse*) override {
    return Answer(context, "PutSigningSecret", [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      secrets[request->tenant_id() + "/" + request->name()] = request->secret();
    });
  }

  grpc::ServerUnaryReactor* ListSigningSecrets(
      grpc::CallbackServerContext* context, const v1::ListSigningSecretsInternalRequest* request,
      v1::ListSigningSecretsInternalResponse* response) override {
    return Answer(context, "ListSigningSecrets", [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      for (const auto& [key, value] : secrets) {
        if (!key.starts_with(request->tenant_id() + "/")) continue;
        response->add_secrets()->set_name(key.substr(key.find('/') + 1));
      }
    });
  }

  grpc::ServerUnaryReactor* DeleteSigningSecret(
      grpc::CallbackServerContext* context, const v1::DeleteSigningSecretInternalRequest* request,
      v1::DeleteSigningSecretInternalResponse*) override {
    return Answer(context, "DeleteSigningSecret", [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      secrets.erase(request->tenant_id() + "/" + request->name());
    });
  }

  template <typename Body>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, const std::string& method,
                                   Body body) {
    NoteCaller(*context);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    grpc::Status status;
    {
      absl::MutexLock lock(&mutex);
      auto failure = failures.find(method);
      if (failure != failures.end()) status = failure->second;
      if (status.ok()) body();
    }
    reactor->Finish(status);
    return reactor;
  }

  void NoteCaller(const grpc::CallbackServerContext& context) {
    const auto found = context.client_metadata().find("authorization");
    if (found == context.client_metadata().end()) Refuse("a call without credentials");
    absl::MutexLock lock(&mutex);
    last_authorization = std::string(found->second.data(), found->second.size());
  }

  mutable absl::Mutex mutex;
  Decide decide ABSL_GUARDED_BY(mutex) = [](const v1::Delivery&) { return Accepted(); };
  std::set<Stream*> streams ABSL_GUARDED_BY(mutex);
  bool draining ABSL_GUARDED_BY(mutex) = false;
  std::vector<v1::Delivery> deliveries ABSL_GUARDED_BY(mutex);
  std::deque<std::pair<Stream*, uint64_t>> held ABSL_GUARDED_BY(mutex);
  size_t messages ABSL_GUARDED_BY(mutex) = 0;
  std::map<std::string, grpc::Status> failures ABSL_GUARDED_BY(mutex);
  std::vector<v1::StoredDelivery> stored ABSL_GUARDED_BY(mutex);
  std::map<std::string, std::string> secrets ABSL_GUARDED_BY(mutex);
  v1::ListDeliveriesInternalRequest last_list ABSL_GUARDED_BY(mutex);
  std::string last_authorization ABSL_GUARDED_BY(mutex);
};

void FakeEngine::Stream::OnReadDone(bool ok) {
  if (!ok) {
    {
      absl::MutexLock lock(&mutex_);
      no_more_ = true;
      if (draining_) return Proceed();
    }
    return End();
  }
  Taken(request_.deliveries_size());
  ingress_.Take(this, request_);
  request_.Clear();
  StartRead(&request_);
}

void FakeEngine::Stream::OnDone() {
  ingress_.Forget(this);
  delete this;
}

class FakeEngine::Health final : public grpc::health::v1::Health::CallbackService {
 public:
  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest*,
                                  grpc::health::v1::HealthCheckResponse* response) override {
    response->set_status(healthy ? grpc::health::v1::HealthCheckResponse::SERVING
                                 : grpc::health::v1::HealthCheckResponse::NOT_SERVING);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  std::atomic<bool> healthy{true};
};

FakeEngine::FakeEngine(int port)
    : ingress_(std::make_unique<Ingress>()), health_(std::make_unique<Health>()) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(fmt::format("127.0.0.1:{}", port), grpc::InsecureServerCredentials(),
                           &port_);
  builder.RegisterService(ingress_.get());
  builder.RegisterService(health_.get());
  builder.RegisterService(&executions_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) Refuse("can't listen");
}

FakeEngine::~FakeEngine() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

v1::DeliveryReply FakeEngine::Accepted() {
  v1::DeliveryReply reply;
  reply.set_http_status(200);
  reply.set_webhook_id(std::string(Uuid::MakeV7(absl::Now()).as_string_view()));
  return reply;
}

void FakeEngine::OnDelivery(Decide decide) {
  absl::MutexLock lock(&ingress_->mutex);
  ingress_->decide = std::move(decide);
}

void FakeEngine::Release() {
  std::deque<std::pair<Stream*, uint64_t>> held;
  {
    absl::MutexLock lock(&ingress_->mutex);
    held.swap(ingress_->held);
  }
  for (const auto& [stream, correlation] : held) {
    v1::DeliveryReply reply = Accepted();
    reply.set_correlation(correlation);
    stream->Reply(std::move(reply));
  }
}

void FakeEngine::BreakStreams() {
  absl::MutexLock lock(&ingress_->mutex);
  for (Stream* stream : ingress_->streams) stream->Break();
}

void FakeEngine::Drain() {
  absl::MutexLock lock(&ingress_->mutex);
  ingress_->draining = true;
  for (Stream* stream : ingress_->streams) stream->Drain();
}

void FakeEngine::StopDraining() {
  absl::MutexLock lock(&ingress_->mutex);
  ingress_->draining = false;
}

size_t FakeEngine::open_streams() const {
  absl::MutexLock lock(&ingress_->mutex);
  return ingress_->streams.size();
}

void FakeEngine::SetHealthy(bool healthy) { health_->healthy = healthy; }

bool FakeEngine::WaitForDeliveries(size_t count, absl::Duration at_most) {
  absl::MutexLock lock(&ingress_->mutex);
  auto enough = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(ingress_->mutex) {
    return ingress_->deliveries.size() >= count;
  };
  return ingress_->mutex.AwaitWithTimeout(absl::Condition(&enough), at_most);
}

std::vector<v1::Delivery> FakeEngine::deliveries() const {
  absl::MutexLock lock(&ingress_->mutex);
  return ingress_->deliveries;
}

size_t FakeEngine::messages() const {
  absl::MutexLock lock(&ingress_->mutex);
  return ingress_->messages;
}

void FakeEngine::Fail(const std::string& method, grpc::Status status) {
  absl::MutexLock lock(&ingress_->mutex);
  ingress_->failures[method] = std::move(status);
}

void FakeEngine::SetStored(std::vector<v1::StoredDelivery> stored) {
  absl::MutexLock lock(&ingress_->mutex);
  ingress_->stored = std::move(stored);
}

std::map<std::string, std::string> FakeEngine::secrets() const {
  absl::MutexLock lock(&ingress_->mutex);
  return ingress_->secrets;
}

v1::ListDeliveriesInternalRequest FakeEngine::last_list() const {
  absl::MutexLock lock(&ingress_->mutex);
  return ingress_->last_list;
}

std::string FakeEngine::last_authorization() const {
  absl::MutexLock lock(&ingress_->mutex);
  return ingress_->last_authorization;
}

}  // namespace penstock::interfaces::testing
