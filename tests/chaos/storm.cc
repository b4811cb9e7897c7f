#include "tests/chaos/storm.h"

#include <stdio.h>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/chaos/killer.h"
#include "tests/chaos/load.h"
#include "tests/harness/deployment.h"

namespace penstock::chaos {
namespace {

// A service that is killed over and over may be slow to drain; stuck work stays for ever.
constexpr absl::Duration kPatience = absl::Seconds(90);
constexpr int kProgressEvery = 10;

}  // namespace

absl::StatusOr<StormResult> RunStorm(const StormOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<harness::Deployment> deployment,
                   harness::Deployment::Start({.engines = options.engines}));
  ASSIGN_OR_RETURN(std::unique_ptr<Load> load, Load::Begin(*deployment, options.seed));
  Killer killer(*deployment, options.seed);
  for (int i = 1; i <= options.kills; ++i) {
    RETURN_IF_ERROR(killer.KillOnce());
    if (i % kProgressEvery == 0) {
      fmt::print("{} of {} kills; {} webhooks and {} starts acknowledged\n", i, options.kills,
                 load->acknowledged().webhooks().size(), load->acknowledged().starts().size());
      fflush(stdout);
    }
  }
  RETURN_IF_ERROR(killer.AwaitAll());
  load->End();

  ASSIGN_OR_RETURN(std::unique_ptr<postgres::Connection> database,
                   postgres::Connection::Open(deployment->DatabaseConninfo(), absl::Seconds(10)));
  StormResult result;
  ASSIGN_OR_RETURN(result.verdict, Judge(*database, load->acknowledged(), kPatience));
  result.kills = killer.kills();
  result.acknowledged_webhooks = static_cast<int64_t>(load->acknowledged().webhooks().size());
  result.acknowledged_starts = static_cast<int64_t>(load->acknowledged().starts().size());
  result.refused = load->acknowledged().refused();
  return result;
}

}  // namespace penstock::chaos
