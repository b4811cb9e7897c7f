// What an access token costs: refresher_bench [seconds] prints tokens/s and latencies of callers
// who want a token that is good, and of rounds in which it is due: 2 processes' worth of callers,
// one request each round. Real database, real HTTP to a provider in this process.
#include <algorithm>
#include <cstdlib>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/testing/check.h"
#include "services/connector/oauth/testing/grant_fixture.h"

namespace penstock::connector {
namespace {

constexpr int kCallers = 16;

struct Bench : testing::GrantFixture {
  std::unique_ptr<testing::RefresherKit> other = MakeKit();

  // One call of each of the callers, half of them in another "process"; seconds each took.
  std::vector<double> Round(GrantId id) {
    std::vector<double> seconds(kCallers);
    std::vector<std::thread> callers;
    for (int i = 0; i < kCallers; ++i) {
      callers.emplace_back([&, i] {
        const absl::Time begin = absl::Now();
        Refresher& asked = i % 2 == 0 ? refresher() : other->refresher;
        penstock::testing::Check(
            asked.Get(testing::UseOf(tenant.tenant, id), absl::Now() + absl::Seconds(30)).status(),
            "get");
        seconds[i] = absl::ToDoubleSeconds(absl::Now() - begin);
      });
    }
    for (std::thread& caller : callers) caller.join();
    return seconds;
  }
};

void Print(const char* what, std::vector<double> seconds, double wall) {
  std::sort(seconds.begin(), seconds.end());
  fmt::print("{}: {:.0f} tokens/s, p50 {:.1f} ms, p99 {:.1f} ms\n", what, seconds.size() / wall,
             seconds[seconds.size() / 2] * 1e3, seconds[seconds.size() * 99 / 100] * 1e3);
}

void Run(double duration) {
  Bench bench;
  const GrantId id = bench.AddGrant();
  for (const bool due : {false, true}) {
    const int before = bench.server.token_requests();
    std::vector<double> seconds;
    double wall = 0;
    int rounds = 0;
    for (; wall < duration; ++rounds) {
      if (due) bench.MakeDue(id);
      const absl::Time begin = absl::Now();
      const std::vector<double> round = bench.Round(id);
      wall += absl::ToDoubleSeconds(absl::Now() - begin);
      seconds.insert(seconds.end(), round.begin(), round.end());
    }
    Print(due ? "due, refreshed under contention" : "good", std::move(seconds), wall);
    fmt::print("  {} rounds of {} callers, {} token requests\n", rounds, kCallers,
               bench.server.token_requests() - before);
  }
}

}  // namespace
}  // namespace penstock::connector

int main(int count, char** arguments) {
  penstock::connector::Run(count > 1 ? std::atof(arguments[1]) : 5);
  return 0;
}
