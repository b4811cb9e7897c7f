// sandbox_bench EXECUTABLE: evaluations per second and latency of the sandbox, alone.
#include <sys/resource.h>

#include <algorithm>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/sandbox/sandbox.h"

namespace penstock::sandbox {
namespace {

struct Figures {
  double per_second;
  double p50_us;
  double p99_us;
  double cpu_us;  // of this process, for each evaluation
};

double CpuSeconds(int who) {
  rusage usage;
  getrusage(who, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

Figures Measure(Pool& pool, const Evaluation& evaluation, int in_flight, absl::Duration duration) {
  absl::Mutex mutex;
  int running = 0;
  std::vector<double> latencies;
  const double cpu = CpuSeconds(RUSAGE_SELF);
  const absl::Time start = absl::Now();
  auto room = [&] { return running < in_flight; };
  auto none = [&] { return running == 0; };
  while (absl::Now() - start < duration) {
    {
      absl::MutexLock lock(&mutex);
      mutex.Await(absl::Condition(&room));
      ++running;
    }
    const absl::Time sent = absl::Now();
    absl::Status status = pool.Submit(evaluation, [&, sent](Outcome outcome) {
      absl::MutexLock lock(&mutex);
      if (outcome.kind == OutcomeKind::kValue)
        latencies.push_back(absl::ToDoubleMicroseconds(absl::Now() - sent));
      --running;
    });
    if (!status.ok()) break;
  }
  absl::MutexLock lock(&mutex);
  mutex.Await(absl::Condition(&none));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::sort(latencies.begin(), latencies.end());
  if (latencies.empty()) return {};
  const size_t n = latencies.size();
  return {n / seconds, latencies[n / 2], latencies[n * 99 / 100],
          (CpuSeconds(RUSAGE_SELF) - cpu) / n * 1e6};
}

int Main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: sandbox_bench EXECUTABLE\n");
    return 2;
  }
  PoolOptions options;
  options.executable = argv[1];
  auto pool = Pool::Create(options);
  if (!pool.ok()) {
    fmt::print(stderr, "{}\n", std::string(pool.status().message()));
    return 1;
  }
  const Evaluation evaluation{
      TenantId::Make(absl::Now()),
      Script::Create(ScriptKind::kBody, {"input"},
                     "return { total: input.items.length, name: input.name }"),
      {R"({"name":"order","items":[1,2,3]})"},
      {}};
  for (int in_flight : {1, 16, 256}) {
    Measure(**pool, evaluation, in_flight, absl::Milliseconds(300));
    const Figures f = Measure(**pool, evaluation, in_flight, absl::Seconds(3));
    fmt::print(
        "{:4} in flight: {:7.0f}/s  p50 {:6.0f} us  p99 {:6.0f} us  {:5.1f} us CPU each on this "
        "side\n",
        in_flight, f.per_second, f.p50_us, f.p99_us, f.cpu_us);
  }
  const uint64_t evaluations = (*pool)->stats().evaluations;
  pool->reset();  // the processes' CPU time is known once they have ended
  fmt::print("{} evaluations, {:.1f} us CPU each in the sandbox processes, their start included\n",
             evaluations, CpuSeconds(RUSAGE_CHILDREN) / evaluations * 1e6);
  return 0;
}

}  // namespace
}  // namespace penstock::sandbox

int main(int argc, char** argv) { return penstock::sandbox::Main(argc, argv); }
