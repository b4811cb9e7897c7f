#include "tests/chaos/killer.h"

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "libs/status/macros.h"
#include "tests/harness/process_tree.h"

namespace penstock::chaos {
namespace {

constexpr int kLongestPauseMs = 1200;
// Of ten kills so many do not wait for the last victim to be ready: a crash in the middle of
// recovery is a crash like any other.
constexpr int kHastyOfTen = 3;

}  // namespace

absl::Status Killer::KillOnce() {
  if (Roll(10) >= kHastyOfTen) RETURN_IF_ERROR(AwaitAll());
  absl::Notification never;
  never.WaitForNotificationWithTimeout(absl::Milliseconds(Roll(kLongestPauseMs)));
  int engine = Roll(deployment_.engines());
  switch (Roll(3)) {
    case 0:
      return KillEngine(engine);
    case 1:
      return KillSandbox(engine);
    default:
      return KillPostgres();
  }
}

absl::Status Killer::KillEngine(int index) {
  ++kills_["engine"];
  deployment_.engine(index).Kill();
  return deployment_.engine(index).Launch();
}

absl::Status Killer::KillSandbox(int index) {
  std::vector<pid_t> sandboxes = harness::DescendantsOf(deployment_.engine(index).pid());
  if (sandboxes.empty()) return KillEngine(index);
  ++kills_["sandbox"];
  kill(sandboxes[Roll(static_cast<int>(sandboxes.size()))], SIGKILL);
  return absl::OkStatus();
}

absl::Status Killer::KillPostgres() {
  ++kills_["postgres"];
  deployment_.postgres().Kill();
  return deployment_.postgres().Restart();
}

absl::Status Killer::AwaitAll() {
  for (int i = 0; i < deployment_.engines(); ++i) {
    RETURN_IF_ERROR(deployment_.engine(i).AwaitReady(absl::Seconds(60)));
  }
  return deployment_.interfaces().AwaitReady(absl::Seconds(60));
}

}  // namespace penstock::chaos
