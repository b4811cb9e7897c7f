#include "libs/metrics/process.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace penstock::metrics {
namespace {

double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double total_pages = 0, resident_pages = 0;
  file >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return absl::ToDoubleSeconds(absl::DurationFromTimeval(usage.ru_utime) +
                               absl::DurationFromTimeval(usage.ru_stime));
}

double EntriesOf(const char* directory) {
  DIR* entries = opendir(directory);
  if (entries == nullptr) return 0;
  double count = 0;
  while (const dirent* entry = readdir(entries)) count += entry->d_name[0] != '.' ? 1 : 0;
  closedir(entries);
  return count;
}

}  // namespace

Registry::CollectorHandle ExportProcessMetrics(Registry& registry) {
  auto resident =
      registry.Gauge("penstock_process_resident_memory_bytes", "Resident memory of the process.");
  auto cpu = registry.Counter("penstock_process_cpu_seconds_total",
                              "User and system CPU time of the process.");
  auto files = registry.Gauge("penstock_process_open_fds", "Open file descriptors.");
  auto threads = registry.Gauge("penstock_process_threads", "Threads.");
  registry.Gauge("penstock_process_start_time_seconds", "When the process started, as Unix time.")
      .Set(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
  return registry.AddCollector([resident, cpu, files, threads]() mutable {
    resident.Set(ResidentBytes());
    cpu.Increment(CpuSeconds() - cpu.value());
    files.Set(EntriesOf("/proc/self/fd"));
    threads.Set(EntriesOf("/proc/self/task"));
  });
}

}  // namespace penstock::metrics
