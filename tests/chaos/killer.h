// Kills with SIGKILL, at random moments, and starts again what it killed.
#pragma once

#include <map>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "tests/harness/deployment.h"

namespace penstock::chaos {

class Killer {
 public:
  // The same seed takes the same decisions; what the moments hit is the scheduler's affair.
  Killer(harness::Deployment& deployment, uint32_t seed) : deployment_(deployment), random_(seed) {}

  // Waits a random moment, kills a random victim, and starts it again. An error when it does not
  // come back.
  absl::Status KillOnce();
  // Returns when everything is ready.
  absl::Status AwaitAll();
  const std::map<std::string, int>& kills() const { return kills_; }

 private:
  int Roll(int sides) { return static_cast<int>(random_() % sides); }
  absl::Status KillEngine(int index);
  absl::Status KillSandbox(int index);
  absl::Status KillPostgres();

  harness::Deployment& deployment_;
  std::minstd_rand random_;
  std::map<std::string, int> kills_;
};

}  // namespace penstock::chaos
