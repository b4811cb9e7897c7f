// What calls to third parties look like from outside: by service and outcome, never by tenant or
// connector.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/metrics/metrics.h"

namespace penstock::connector {

class CallMetrics {
 public:
  // `services`: ids of the release's catalogue. Calls to any other service are counted as "other":
  // what tenants call theirs is neither few nor anybody's business.
  CallMetrics(metrics::Registry& registry, const std::vector<std::string>& services);

  // `outcome`: a name of OutcomeName, or of what kept the call from being sent.
  void Called(std::string_view service, std::string_view outcome, absl::Duration took);
  void Retried(std::string_view service);
  void Opened(std::string_view service);

 private:
  struct Family {
    metrics::Counter retries;
    metrics::Counter opened;
    metrics::Histogram seconds;
    std::map<std::string, metrics::Counter, std::less<>> calls;  // by outcome
  };
  Family& FamilyOf(std::string_view service) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Family MakeFamily(const std::string& service);

  metrics::Registry& registry_;
  absl::Mutex mutex_;
  std::map<std::string, Family, std::less<>> families_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::connector
