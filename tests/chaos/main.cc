// ./dev chaos: the crash test in its long form.
#include <stdio.h>
#include <stdlib.h>

#include <random>
#include <string>

#include "fmt/format.h"
#include "tests/chaos/storm.h"

namespace penstock::chaos {
namespace {

int Run(const StormOptions& options) {
  fmt::print("{} kills, seed {} (--seed {} takes the same decisions again), {} engine(s)\n",
             options.kills, options.seed, options.seed, options.engines);
  absl::StatusOr<StormResult> result = RunStorm(options);
  if (!result.ok()) {
    fmt::print(stderr, "{}\n", result.status().ToString());
    return 1;
  }
  for (const auto& [victim, count] : result->kills)
    fmt::print("killed {} {} times\n", victim, count);
  fmt::print("acknowledged: {} webhooks, {} starts; failed calls: {}; executions stored: {}\n",
             result->acknowledged_webhooks, result->acknowledged_starts, result->refused,
             result->verdict.executions);
  for (const std::string& violation : result->verdict.violations)
    fmt::print("VIOLATION: {}\n", violation);
  fmt::print("{}\n", result->verdict.violations.empty() ? "every promise kept" : "promises broken");
  return result->verdict.violations.empty() ? 0 : 1;
}

}  // namespace
}  // namespace penstock::chaos

int main(int argc, char** argv) {
  penstock::chaos::StormOptions options{
      .kills = 200, .seed = std::random_device()() % 1'000'000 + 1, .engines = 1};
  for (int i = 1; i < argc; i += 2) {
    std::string flag = argv[i];
    int value = i + 1 < argc ? atoi(argv[i + 1]) : 0;
    if (flag == "--kills" && value > 0) {
      options.kills = value;
    } else if (flag == "--seed" && value > 0) {
      options.seed = static_cast<uint32_t>(value);
    } else if (flag == "--engines" && value > 0) {
      options.engines = value;
    } else {
      fputs("./dev chaos [--kills N] [--seed N] [--engines N]\n", stderr);
      return 2;
    }
  }
  return penstock::chaos::Run(options);
}
