#include "services/interfaces/testing/fake_upstream.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/time/clock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "libs/testing/check.h"
#include "services/interfaces/front_door/api_services.h"

namespace penstock::interfaces::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr absl::Duration kPatience = absl::Seconds(20);

// "/package.Service/Method"
const MethodDescriptor& MethodOf(const std::string& rpc) {
  const size_t slash = rpc.rfind('/');
  for (const RestDoor::Backend& backend : ApiBackends({})) {
    if (backend.service->full_name() != rpc.substr(1, slash - 1)) continue;
    if (const auto* method = backend.service->FindMethodByName(rpc.substr(slash + 1))) {
      return *method;
    }
  }
  penstock::testing::Fail("find the method", rpc);
}

std::unique_ptr<Message> New(const Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::string JsonOf(const Descriptor& type, const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  std::unique_ptr<Message> message = New(type);
  if (!buffer.DumpToSingleSlice(&slice).ok() ||
      !message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
    penstock::testing::Fail("parse a request", type.full_name());
  }
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(*message, &json);
  return json;
}

grpc::ByteBuffer BufferOf(const Descriptor& type, const std::string& json) {
  std::unique_ptr<Message> message = New(type);
  if (!google::protobuf::util::JsonStringToMessage(json, message.get()).ok()) {
    penstock::testing::Fail("read the answer that a test gave", json);
  }
  const grpc::Slice slice(message->SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

// One call; keeps itself until gRPC is done with it.
class FakeUpstream::Call final : public grpc::ServerGenericBidiReactor {
 public:
  Call(FakeUpstream& owner, grpc::GenericCallbackServerContext& context)
      : method(MethodOf(context.method())), context(context), owner_(owner) {}

  void Start() {
    self_ = std::shared_ptr<Call>(this);
    StartRead(&request);
  }

  // The first of the two ends the call.
  void Succeed(grpc::ByteBuffer response) {
    if (ended_.exchange(true)) return;
    response_ = std::move(response);
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void End(const grpc::Status& status) {
    if (!ended_.exchange(true)) Finish(status);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return End(grpc::Status::CANCELLED);
    owner_.Take(self_);
  }
  void OnCancel() override {
    owner_.NoteCancelled();
    End(grpc::Status::CANCELLED);
  }
  void OnDone() override { self_.reset(); }

  const MethodDescriptor& method;
  const grpc::GenericCallbackServerContext& context;
  grpc::ByteBuffer request;

 private:
  FakeUpstream& owner_;
  std::shared_ptr<Call> self_;
  std::atomic<bool> ended_{false};
  grpc::ByteBuffer response_;
};

class FakeUpstream::Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(FakeUpstream& owner) : owner_(owner) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    auto* call = new Call(owner_, *context);
    call->Start();
    return call;
  }

 private:
  FakeUpstream& owner_;
};

FakeUpstream::FakeUpstream() : service_(std::make_unique<Service>(*this)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterCallbackGenericService(service_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) penstock::testing::Fail("listen", "the fake service");
}

FakeUpstream::~FakeUpstream() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

void FakeUpstream::Take(const std::shared_ptr<Call>& call) {
  Asked asked{.rpc = call->method.name(),
              .request = JsonOf(*call->method.input_type(), call->request),
              .metadata = {},
              .time_left = absl::FromChrono(call->context.deadline()) - absl::Now()};
  for (const auto& [name, value] : call->context.client_metadata()) {
    asked.metadata[std::string(name.data(), name.size())] = std::string(value.data(), value.size());
  }
  {
    absl::MutexLock lock(&mutex_);
    asked_.push_back(std::move(asked));
    if (holding_) return held_.push_back(call);
  }
  Reply(*call);
}

void FakeUpstream::Reply(Call& call) {
  std::string answer;
  grpc::Status failure;
  {
    absl::MutexLock lock(&mutex_);
    answer = answer_;
    failure = failure_;
  }
  if (!failure.ok()) return call.End(failure);
  call.Succeed(BufferOf(*call.method.output_type(), answer));
}

void FakeUpstream::NoteCancelled() {
  absl::MutexLock lock(&mutex_);
  ++cancelled_;
}

void FakeUpstream::Answer(std::string json) {
  absl::MutexLock lock(&mutex_);
  answer_ = std::move(json);
  failure_ = grpc::Status::OK;
}

void FakeUpstream::Fail(grpc::Status status) {
  absl::MutexLock lock(&mutex_);
  failure_ = std::move(status);
}

void FakeUpstream::Hold() {
  absl::MutexLock lock(&mutex_);
  holding_ = true;
}

void FakeUpstream::Release() {
  std::vector<std::shared_ptr<Call>> held;
  {
    absl::MutexLock lock(&mutex_);
    holding_ = false;
    held.swap(held_);
  }
  // Not under the lock: gRPC may end a call on this very thread.
  for (const std::shared_ptr<Call>& call : held) Reply(*call);
}

bool FakeUpstream::WaitForCalls(size_t count) {
  absl::MutexLock lock(&mutex_);
  auto enough = [this, count]()
                    ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return asked_.size() >= count; };
  return mutex_.AwaitWithTimeout(absl::Condition(&enough), kPatience);
}

bool FakeUpstream::WaitForCancelled(size_t count) {
  absl::MutexLock lock(&mutex_);
  auto enough = [this, count]()
                    ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return cancelled_ >= count; };
  return mutex_.AwaitWithTimeout(absl::Condition(&enough), kPatience);
}

std::vector<FakeUpstream::Asked> FakeUpstream::asked() const {
  absl::MutexLock lock(&mutex_);
  return asked_;
}

FakeUpstream::Asked FakeUpstream::last() const {
  absl::MutexLock lock(&mutex_);
  return asked_.empty() ? Asked() : asked_.back();
}

}  // namespace penstock::interfaces::testing
