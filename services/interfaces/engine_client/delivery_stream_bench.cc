// What the hop to the engine costs: round trips/s and CPU per delivery at 1, 16, 64 and 256 in
// flight, against an engine that answers at once in the same process. delivery_stream_bench
// [seconds]
#include <time.h>

#include <atomic>
#include <cstdlib>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "services/interfaces/engine_client/delivery_stream.h"
#include "services/interfaces/testing/fake_engine.h"

namespace penstock::interfaces {
namespace {

using workflow::v1::Delivery;
using workflow::v1::DeliveryReply;

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Keeps one delivery under way until the end.
class Lane {
 public:
  Lane(DeliveryStream& stream, const std::atomic<bool>& ending)
      : stream_(stream), ending_(ending) {}

  void Next() {
    const absl::Status taken = stream_.Deliver(
        [](Delivery& delivery) {
          delivery.mutable_tenant_id()->assign(16, 't');
          delivery.set_trigger_type("webhook");
          delivery.set_action_type("test");
          delivery.set_body(R"({"message":"hello"})");
        },
        [this](absl::StatusOr<DeliveryReply*> reply) {
          if (!reply.ok()) std::abort();
          ++done_;
          ending_ ? ended_.Notify() : Next();
        });
    if (!taken.ok()) std::abort();
  }
  uint64_t Wait() {
    ended_.WaitForNotification();
    return done_;
  }

 private:
  DeliveryStream& stream_;
  const std::atomic<bool>& ending_;
  uint64_t done_ = 0;
  absl::Notification ended_;
};

void Run(int lanes, double seconds) {
  testing::FakeEngine engine;
  engine.OnDelivery([](const Delivery&) { return testing::FakeEngine::Accepted(); });
  DeliveryStream stream(
      grpc::CreateChannel(engine.address(), grpc::InsecureChannelCredentials()),
      [](grpc::ClientContext& context) { context.AddMetadata("authorization", "Bearer bench"); });
  std::atomic<bool> ending{false};
  std::vector<std::unique_ptr<Lane>> all;
  const double cpu_before = CpuSeconds();
  const absl::Time start = absl::Now();
  for (int i = 0; i < lanes; ++i) {
    all.push_back(std::make_unique<Lane>(stream, ending));
    all.back()->Next();
  }
  absl::SleepFor(absl::Seconds(seconds));
  ending = true;
  uint64_t done = 0;
  for (auto& lane : all) done += lane->Wait();
  const double wall = absl::ToDoubleSeconds(absl::Now() - start);
  const auto stats = stream.stats();
  fmt::print(
      "{} in flight: {:.0f}/s, {:.1f} us each way and back, {:.1f} us CPU (both ends), {:.1f} per "
      "message\n",
      lanes, done / wall, wall / done * lanes * 1e6, (CpuSeconds() - cpu_before) / done * 1e6,
      static_cast<double>(stats.deliveries) / stats.messages);
}

}  // namespace
}  // namespace penstock::interfaces

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  for (int lanes : {1, 16, 64, 256}) penstock::interfaces::Run(lanes, seconds);
  return 0;
}
