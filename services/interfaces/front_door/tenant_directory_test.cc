#include "services/interfaces/front_door/tenant_directory.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "fmt/format.h"

namespace penstock::interfaces {
namespace {

class SetClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixNanos(nanos_); }
  void Advance(absl::Duration by) { nanos_ += absl::ToInt64Nanoseconds(by); }

 private:
  std::atomic<int64_t> nanos_{1'700'000'000'000'000'000};
};

const TenantRow kAcme{.id = *TenantId::Parse("01900000-0000-7000-8000-000000000001"),
                      .webhook_rate_limit = 5};

struct Fixture {
  explicit Fixture(TenantDirectory::Options options = {})
      : directory(
            [this](std::string_view client) -> absl::StatusOr<std::optional<TenantRow>> {
              ++look_ups;
              if (gate != nullptr) gate->WaitForNotification();
              if (!failure.ok()) return failure;
              if (client == "acme" || client == kAcme.id.ToString()) return acme;
              return std::nullopt;
            },
            workers, clock, options) {}
  ~Fixture() { workers.Stop(); }

  absl::StatusOr<TenantDirectory::Answer> Ask(std::string_view client) {
    if (auto answer = directory.Cached(client)) return *answer;
    absl::StatusOr<TenantDirectory::Answer> answer;
    absl::Notification answered;
    directory.LookUp(client, [&](const absl::StatusOr<TenantDirectory::Answer>& found) {
      answer = found;
      answered.Notify();
    });
    REQUIRE(answered.WaitForNotificationWithTimeout(absl::Seconds(20)));
    return answer;
  }
  // Until the look-ups begun so far are over.
  void Settle(int wanted) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (look_ups < wanted && absl::Now() < end) std::this_thread::yield();
    CHECK(look_ups == wanted);
  }

  std::atomic<int> look_ups{0};
  absl::Notification* gate = nullptr;
  absl::Status failure;
  std::optional<TenantRow> acme = kAcme;
  SetClock clock;
  lifecycle::ThreadPool workers{{.name = "lookup", .threads = 2}};
  TenantDirectory directory;
};

TEST_CASE("a known tenant is remembered for five seconds at most") {
  Fixture f;
  CHECK((*f.Ask("acme"))->id == kAcme.id);
  CHECK((*f.Ask("acme"))->id == kAcme.id);
  CHECK(f.look_ups == 1);
  f.clock.Advance(absl::Seconds(5));
  CHECK(!f.directory.Cached("acme"));
}

TEST_CASE("a tenant in use is looked up again in the background, once, before it is too old") {
  Fixture f;
  CHECK(f.Ask("acme")->has_value());
  f.clock.Advance(absl::Seconds(3));
  absl::Notification gate;
  f.gate = &gate;
  for (int i = 0; i < 100; ++i) CHECK(f.directory.Cached("acme"));
  f.Settle(2);
  gate.Notify();
  f.gate = nullptr;
  f.workers.Stop();
  f.clock.Advance(absl::Seconds(2));
  CHECK(f.directory.Cached("acme"));
}

TEST_CASE(
    "an unknown tenant is asked for again after two seconds, so that a new one works at once") {
  Fixture f;
  f.acme = std::nullopt;
  CHECK(!f.Ask("acme")->has_value());
  CHECK(!f.Ask("acme")->has_value());
  CHECK(f.look_ups == 1);
  f.acme = kAcme;
  f.clock.Advance(absl::Seconds(2));
  CHECK(f.Ask("acme")->has_value());
}

TEST_CASE("a suspended tenant is forgotten when it is next looked up") {
  Fixture f;
  CHECK(f.Ask("acme")->has_value());
  f.acme = std::nullopt;
  f.clock.Advance(absl::Seconds(5));
  CHECK(!f.Ask("acme")->has_value());
}

TEST_CASE("a thousand who ask at once cause one look-up") {
  Fixture f;
  absl::Notification gate;
  f.gate = &gate;
  absl::BlockingCounter answered(1000);
  for (int i = 0; i < 1000; ++i) {
    f.directory.LookUp("acme", [&](const absl::StatusOr<TenantDirectory::Answer>& found) {
      CHECK((*found)->id == kAcme.id);
      answered.DecrementCount();
    });
  }
  gate.Notify();
  answered.Wait();
  CHECK(f.look_ups == 1);
}

TEST_CASE("a failed look-up is told and not remembered") {
  Fixture f;
  f.failure = absl::UnavailableError("database away");
  CHECK(absl::IsUnavailable(f.Ask("acme").status()));
  f.failure = absl::OkStatus();
  CHECK(f.Ask("acme")->has_value());
}

TEST_CASE("slug and uuid of a tenant share one rate limit, which looking up again does not reset") {
  Fixture f;
  auto by_slug = (*f.Ask("acme"))->limiter;
  auto by_id = (*f.Ask(kAcme.id.ToString()))->limiter;
  REQUIRE(by_slug != nullptr);
  CHECK(by_slug == by_id);
  f.clock.Advance(absl::Seconds(5));
  CHECK((*f.Ask("acme"))->limiter == by_slug);
  f.acme->webhook_rate_limit = 7;
  f.clock.Advance(absl::Seconds(5));
  CHECK((*f.Ask("acme"))->limiter->rate() == 7);
}

TEST_CASE("the default limit holds for tenants without one, and zero means none") {
  Fixture limited({.default_rate_limit = 3}), free;
  limited.acme->webhook_rate_limit = free.acme->webhook_rate_limit = std::nullopt;
  CHECK((*limited.Ask("acme"))->limiter->rate() == 3);
  CHECK((*free.Ask("acme"))->limiter == nullptr);
}

TEST_CASE("names that nobody has can't fill the memory") {
  Fixture f({.max_unknown = 10});
  CHECK(f.Ask("acme")->has_value());
  for (int i = 0; i < 100; ++i) CHECK(!f.Ask(fmt::format("nobody-{}", i))->has_value());
  CHECK(f.look_ups == 101);
  CHECK(f.directory.Cached("acme"));
}

}  // namespace
}  // namespace penstock::interfaces
