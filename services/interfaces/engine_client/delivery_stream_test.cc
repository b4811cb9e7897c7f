#include "services/interfaces/engine_client/delivery_stream.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <thread>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "libs/status/details.h"
#include "services/interfaces/testing/fake_engine.h"

namespace penstock::interfaces {
namespace {

using testing::FakeEngine;
using workflow::v1::Delivery;
using workflow::v1::DeliveryReply;

std::unique_ptr<DeliveryStream> Connect(const std::string& address,
                                        DeliveryStream::Options options = {}) {
  grpc::ChannelArguments arguments;
  arguments.SetInt("grpc.initial_reconnect_backoff_ms", 20);
  arguments.SetInt("grpc.max_reconnect_backoff_ms", 50);
  arguments.SetInt("grpc.use_local_subchannel_pool", 1);
  auto channel = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  return std::make_unique<DeliveryStream>(
      channel,
      [](grpc::ClientContext& context) { context.AddMetadata("authorization", "Bearer test"); },
      options);
}

std::function<void(Delivery&)> Filler(std::string body) {
  return [body](Delivery& delivery) {
    delivery.set_tenant_id(std::string(16, 't'));
    delivery.set_trigger_type("webhook");
    delivery.set_action_type("test");
    delivery.set_body(body);
  };
}

// One delivery and what came of it.
class Sent {
 public:
  Sent(DeliveryStream& stream, const std::string& body) {
    taken_ = stream.Deliver(Filler(body), [this](absl::StatusOr<DeliveryReply*> reply) {
      ++answers_;
      status_ = reply.status();
      if (reply.ok()) reply_ = **reply;
      answered_.Notify();
    });
  }
  absl::Status Wait() {
    if (!taken_.ok()) return taken_;
    REQUIRE(answered_.WaitForNotificationWithTimeout(absl::Seconds(20)));
    return status_;
  }
  bool answered() const { return answered_.HasBeenNotified(); }
  const DeliveryReply& reply() const { return reply_; }

 private:
  absl::Status taken_, status_;
  DeliveryReply reply_;
  std::atomic<int> answers_{0};
  absl::Notification answered_;
};

DeliveryReply Echo(const Delivery& delivery) {
  DeliveryReply reply = FakeEngine::Accepted();
  reply.set_body(delivery.body());
  return reply;
}

TEST_CASE("each delivery gets its own reply") {
  FakeEngine engine;
  engine.OnDelivery(Echo);
  auto stream = Connect(engine.address());
  std::vector<std::unique_ptr<Sent>> sent;
  for (int i = 0; i < 1000; ++i)
    sent.push_back(std::make_unique<Sent>(*stream, fmt::format("{}", i)));
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(sent[i]->Wait().ok());
    CHECK(sent[i]->reply().body() == fmt::format("{}", i));
  }
  CHECK(stream->stats().waiting == 0);
}

TEST_CASE("deliveries that come while one is written leave together") {
  FakeEngine engine;
  engine.OnDelivery([](const Delivery&) { return std::nullopt; });
  auto stream = Connect(engine.address());
  std::vector<std::unique_ptr<Sent>> sent;
  for (int i = 0; i < 1000; ++i) sent.push_back(std::make_unique<Sent>(*stream, "x"));
  REQUIRE(engine.WaitForDeliveries(1000));
  CHECK(engine.messages() < 1000);
  CHECK(engine.messages() >= 4);  // at most 256 each
  engine.Release();
  for (auto& one : sent) CHECK(one->Wait().ok());
}

TEST_CASE("a slow delivery holds up nobody") {
  FakeEngine engine;
  engine.OnDelivery([](const Delivery& delivery) {
    return delivery.body() == "slow" ? std::nullopt : std::optional(FakeEngine::Accepted());
  });
  auto stream = Connect(engine.address());
  Sent slow(*stream, "slow");
  for (int i = 0; i < 10; ++i) CHECK(Sent(*stream, "quick").Wait().ok());
  CHECK(!slow.answered());
  engine.Release();
  CHECK(slow.Wait().ok());
}

TEST_CASE("a broken stream leaves what was sent unknown, and the next delivery goes through") {
  FakeEngine engine;
  engine.OnDelivery([](const Delivery& delivery) {
    return delivery.body() == "lost" ? std::nullopt : std::optional(FakeEngine::Accepted());
  });
  auto stream = Connect(engine.address());
  CHECK(Sent(*stream, "first").Wait().ok());
  Sent lost(*stream, "lost");
  REQUIRE(engine.WaitForDeliveries(2));
  engine.BreakStreams();
  const absl::Status status = lost.Wait();
  CHECK(absl::IsUnknown(status));
  CHECK(ReasonOf(status) == kOutcomeUnknown);
  CHECK(Sent(*stream, "after").Wait().ok());
  CHECK(stream->stats().broken_streams == 1);
}

TEST_CASE("a draining engine answers what it was sent, and what comes next waits for the next stream") {
  FakeEngine engine;
  engine.OnDelivery([](const Delivery& delivery) {
    return delivery.body() == "slow" ? std::nullopt : std::optional(FakeEngine::Accepted());
  });
  auto stream = Connect(engine.address());
  CHECK(Sent(*stream, "first").Wait().ok());
  Sent slow(*stream, "slow");
  REQUIRE(engine.WaitForDeliveries(2));
  engine.Drain();
  // Refused streams are tried again, and until one is taken deliveries wait.
  while (stream->stats().broken_streams < 3) std::this_thread::yield();
  Sent next(*stream, "next");
  CHECK(!next.answered());
  CHECK(engine.deliveries().size() == 2);
  engine.StopDraining();
  CHECK(next.Wait().ok());
  CHECK(!slow.answered());
  engine.Release();
  CHECK(slow.Wait().ok());
  CHECK(stream->stats().waiting == 0);
}

TEST_CASE("senders lose nothing while engines drain one after the other") {
  FakeEngine engine;
  auto stream = Connect(engine.address());
  std::atomic<int> answered{0}, fine{0};
  std::vector<std::thread> senders;
  for (int t = 0; t < 4; ++t) {
    senders.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        if (Sent(*stream, "x").Wait().ok()) ++fine;
        ++answered;
      }
    });
  }
  while (answered < 2000) {
    const int before = answered;
    engine.Drain();
    engine.StopDraining();
    while (answered < 2000 && answered < before + 100) std::this_thread::yield();
  }
  for (auto& sender : senders) sender.join();
  CHECK(fine == 2000);
  CHECK(engine.deliveries().size() == 2000);
}

TEST_CASE("without an engine a delivery fails soon, and works again when it is back") {
  auto engine = std::make_unique<FakeEngine>();
  const int port = engine->port();
  auto stream = Connect(engine->address());
  CHECK(Sent(*stream, "x").Wait().ok());
  engine.reset();
  absl::Status status;
  const absl::Time start = absl::Now();
  while (ReasonOf(status) != kNotStored && absl::Now() - start < absl::Seconds(20)) {
    status = Sent(*stream, "x").Wait();
    CHECK(!status.ok());
  }
  CHECK(ReasonOf(status) == kNotStored);
  engine = std::make_unique<FakeEngine>(port);
  while (!status.ok() && absl::Now() - start < absl::Seconds(20)) {
    status = Sent(*stream, "x").Wait();
    std::this_thread::yield();
  }
  CHECK(status.ok());
}

TEST_CASE("a reply that does not come in time is a time-out, and coming later it is ignored") {
  FakeEngine engine;
  engine.OnDelivery([](const Delivery&) { return std::nullopt; });
  auto stream = Connect(engine.address(), {.reply_timeout = absl::Milliseconds(50)});
  Sent late(*stream, "x");
  const absl::Status status = late.Wait();
  CHECK(absl::IsDeadlineExceeded(status));
  CHECK(ReasonOf(status) == kOutcomeUnknown);
  engine.Release();
  engine.OnDelivery(Echo);
  CHECK(Sent(*stream, "y").Wait().ok());
}

TEST_CASE("past the limit of waiting deliveries the sender is told to come back") {
  FakeEngine engine;
  engine.OnDelivery([](const Delivery&) { return std::nullopt; });
  auto stream = Connect(engine.address(), {.max_waiting = 2});
  Sent a(*stream, "a"), b(*stream, "b");
  Sent c(*stream, "c");
  CHECK(absl::IsResourceExhausted(c.Wait()));
  CHECK(RetryAfterOf(c.Wait()) > absl::ZeroDuration());
  REQUIRE(engine.WaitForDeliveries(2));
  engine.Release();
  CHECK(a.Wait().ok());
  CHECK(b.Wait().ok());
}

TEST_CASE("stopping answers everything that waits") {
  FakeEngine engine;
  engine.OnDelivery([](const Delivery&) { return std::nullopt; });
  auto stream = Connect(engine.address());
  Sent waiting(*stream, "x");
  REQUIRE(engine.WaitForDeliveries(1));
  stream->Stop();
  REQUIRE(waiting.answered());
  CHECK(absl::IsUnknown(waiting.Wait()));
  CHECK(ReasonOf(Sent(*stream, "y").Wait()) == kNotStored);
}

TEST_CASE("senders on many threads each get one answer while streams keep breaking") {
  FakeEngine engine;
  auto stream = Connect(engine.address());
  std::atomic<int> answered{0}, fine{0};
  std::vector<std::thread> senders;
  for (int t = 0; t < 4; ++t) {
    senders.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        if (Sent(*stream, "x").Wait().ok()) ++fine;
        ++answered;
      }
    });
  }
  while (answered < 2000) {
    const int before = answered;
    engine.BreakStreams();
    while (answered < 2000 && answered < before + 100) std::this_thread::yield();
  }
  for (auto& sender : senders) sender.join();
  CHECK(fine > 0);
  CHECK(stream->stats().waiting == 0);
}

}  // namespace
}  // namespace penstock::interfaces
