#include "services/connector/outbound/call_metrics.h"

namespace penstock::connector {
namespace {

constexpr char kOther[] = "other";

}  // namespace

CallMetrics::CallMetrics(metrics::Registry& registry, const std::vector<std::string>& services)
    : registry_(registry) {
  absl::MutexLock lock(&mutex_);
  for (const std::string& service : services) families_.emplace(service, MakeFamily(service));
  families_.emplace(kOther, MakeFamily(kOther));
}

CallMetrics::Family CallMetrics::MakeFamily(const std::string& service) {
  const metrics::Labels labels = {{"service", service}};
  return {registry_.Counter("penstock_connector_retries_total",
                            "Attempts made again after one that failed", labels),
          registry_.Counter("penstock_connector_breaker_opened_total",
                            "Times that calls to a failing third party were stopped", labels),
          registry_.Histogram("penstock_connector_call_seconds",
                              "Time of calls to third parties, with all their attempts",
                              metrics::LatencyBuckets(), labels),
          {}};
}

CallMetrics::Family& CallMetrics::FamilyOf(std::string_view service) {
  const auto found = families_.find(service);
  return found != families_.end() ? found->second : families_.find(kOther)->second;
}

void CallMetrics::Called(std::string_view service, std::string_view outcome, absl::Duration took) {
  absl::MutexLock lock(&mutex_);
  Family& family = FamilyOf(service);
  auto counter = family.calls.find(outcome);
  if (counter == family.calls.end()) {
    const std::string known(&family == &families_.find(kOther)->second ? kOther : service);
    counter = family.calls
                  .emplace(outcome, registry_.Counter(
                                        "penstock_connector_calls_total",
                                        "Calls to third parties by what became of them",
                                        {{"service", known}, {"outcome", std::string(outcome)}}))
                  .first;
  }
  counter->second.Increment();
  family.seconds.Observe(absl::ToDoubleSeconds(took));
}

void CallMetrics::Retried(std::string_view service) {
  absl::MutexLock lock(&mutex_);
  FamilyOf(service).retries.Increment();
}

void CallMetrics::Opened(std::string_view service) {
  absl::MutexLock lock(&mutex_);
  FamilyOf(service).opened.Increment();
}

}  // namespace penstock::connector
