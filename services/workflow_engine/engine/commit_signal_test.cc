#include "services/workflow_engine/engine/commit_signal.h"

#include <catch2/catch.hpp>
#include <memory>

namespace penstock::workflow_engine {
namespace {

const TenantId kA = TenantId::Make(absl::UnixEpoch());
const TenantId kB = TenantId::Make(absl::UnixEpoch());

TEST_CASE("a commit wakes those who follow one of its tenants and nobody else") {
  CommitSignal signal;
  int a = 0, also_a = 0, b = 0;
  auto first = signal.Subscribe(kA, [&] { ++a; });
  auto second = signal.Subscribe(kA, [&] { ++also_a; });
  auto third = signal.Subscribe(kB, [&] { ++b; });
  signal.Notify({kA});
  CHECK(a == 1);
  CHECK(also_a == 1);
  CHECK(b == 0);
  signal.Notify({kA, kB});
  CHECK(a == 2);
  CHECK(b == 1);
}

TEST_CASE("a dropped subscription is not woken and leaves nothing behind") {
  CommitSignal signal;
  int woken = 0;
  auto kept = signal.Subscribe(kA, [&] { ++woken; });
  auto dropped = signal.Subscribe(kB, [&] { ++woken; });
  CHECK(signal.subscribed().size() == 2);
  dropped.reset();
  signal.Notify({kB});
  CHECK(woken == 0);
  CHECK(signal.subscribed() == std::vector<TenantId>{kA});
}

TEST_CASE("a wake may drop its own subscription") {
  CommitSignal signal;
  CommitSignal::Subscription subscription;
  subscription = signal.Subscribe(kA, [&] { subscription.reset(); });
  signal.Notify({kA});
  CHECK(signal.subscribed().empty());
}

TEST_CASE("a subscription may outlive the signal") {
  auto signal = std::make_unique<CommitSignal>();
  auto subscription = signal->Subscribe(kA, [] {});
  signal.reset();
  subscription.reset();
}

}  // namespace
}  // namespace penstock::workflow_engine
