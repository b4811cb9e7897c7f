// What opening a secret costs on a durable PostgreSQL: microseconds of one caller, opens/s of 1, 16
// and 64 at once, and the cryptography alone; medians of several rounds. credential_store_bench
// [seconds of a round] [rounds]
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

#include "fmt/format.h"
#include "services/connector/credentials/testing/credential_fixture.h"
#include "services/connector/keys/envelope.h"

namespace penstock::connector {
namespace {

using testing::Check;

struct Round {
  double per_second = 0, p50_micros = 0, p99_micros = 0, rows_per_commit = 0;
};

double MedianOf(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

class Bench : public testing::CredentialFixture {
 public:
  explicit Bench(penstock::testing::TestPostgres& postgres) : CredentialFixture(postgres) {
    for (int i = 0; i < 64; ++i) {
      owners_.push_back(OwnerOf(tenant));
      Check(Put(owners_.back(), {{"access_token", std::string(1000, 'x')}}), "put");
    }
  }

  Round Run(int callers, absl::Duration time) {
    std::atomic<bool> ending = false;
    std::vector<std::vector<double>> latencies(callers);
    const auto before = replica->recorder.stats();
    std::vector<std::thread> threads;
    const absl::Time start = absl::Now();
    for (int c = 0; c < callers; ++c) {
      threads.emplace_back([&, c] {
        while (!ending) {
          const absl::Time begun = absl::Now();
          Check(Open(owners_[c], {"access_token"}).status(), "open");
          latencies[c].push_back(absl::ToDoubleMicroseconds(absl::Now() - begun));
        }
      });
    }
    absl::SleepFor(time);
    ending = true;
    for (std::thread& thread : threads) thread.join();
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
    const auto after = replica->recorder.stats();
    std::vector<double> all;
    for (const auto& one : latencies) all.insert(all.end(), one.begin(), one.end());
    std::ranges::sort(all);
    return {.per_second = static_cast<double>(all.size()) / seconds,
            .p50_micros = all[all.size() / 2],
            .p99_micros = all[all.size() * 99 / 100],
            .rows_per_commit = static_cast<double>(after.rows - before.rows) /
                               static_cast<double>(after.batches - before.batches)};
  }

  void Report(int callers, absl::Duration time, int rounds) {
    std::vector<Round> all;
    for (int r = 0; r < rounds; ++r) all.push_back(Run(callers, time));
    const auto median = [&](double Round::*figure) {
      std::vector<double> values;
      for (const Round& round : all) values.push_back(round.*figure);
      return MedianOf(values);
    };
    fmt::print(
        "{:3} at once: {:8.0f} opens/s   p50 {:7.0f} us   p99 {:7.0f} us   {:5.1f} rows/commit\n",
        callers, median(&Round::per_second), median(&Round::p50_micros), median(&Round::p99_micros),
        median(&Round::rows_per_commit));
  }

  void ReportCryptography() {
    const TenantKeys::Key key = Check(replica->keys.Active(tenant), "key");
    const envelope::Place place{tenant, "connector", owners_[0].id, "access_token", 1};
    const std::string sealed = Check(envelope::Seal(*key, place, std::string(1000, 'x')), "seal");
    std::vector<double> micros;
    for (int round = 0; round < 5; ++round) {
      const absl::Time start = absl::Now();
      for (int i = 0; i < 2000; ++i) Check(envelope::Open(*key, place, sealed).status(), "open");
      micros.push_back(absl::ToDoubleMicroseconds(absl::Now() - start) / 2000);
    }
    fmt::print("unsealing 1,000 bytes: {:.1f} us\n", MedianOf(micros));
  }

 private:
  std::vector<CredentialOwner> owners_;
};

}  // namespace
}  // namespace penstock::connector

int main(int argc, char** argv) {
  using namespace penstock;
  const absl::Duration time = absl::Seconds(argc > 1 ? std::atof(argv[1]) : 3);
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  testing::TestPostgres postgres(testing::TestPostgres::Durability::kFsync);
  connector::Bench bench(postgres);
  bench.ReportCryptography();
  for (const int callers : {1, 16, 64}) bench.Report(callers, time, rounds);
}
