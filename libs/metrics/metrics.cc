#include "libs/metrics/metrics.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>

#include "fmt/format.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"

namespace penstock::metrics {
namespace {

[[noreturn]] void ProgrammerError(std::string_view what, std::string_view name) {
  fmt::print(stderr, "metrics: {}: {}\n", what, name);
  std::abort();
}

bool IsNameChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

// Labels with a value for each tenant would make the exposition as large as the customer list, and
// tell it.
bool NamesSomebody(std::string_view label) {
  return label == "tenant" || label == "user" || label == "id" || label.ends_with("_id");
}

prometheus::Labels Checked(const std::string& name, const Labels& labels) {
  if (!name.starts_with("penstock_") || !std::ranges::all_of(name, IsNameChar)) {
    ProgrammerError("name is not penstock_<noun>_<unit>", name);
  }
  prometheus::Labels checked;
  for (const auto& [label, value] : labels) {
    if (label.empty() || !std::ranges::all_of(label, IsNameChar) || NamesSomebody(label)) {
      ProgrammerError("label not allowed", fmt::format("{}{{{}}}", name, label));
    }
    checked.emplace(label, value);
  }
  return checked;
}

// Outlives the registry when a handle does. The mutex is held while collectors run, so that none
// runs once its handle is gone.
struct Collectors {
  std::mutex mutex;
  int next_id = 0;
  std::map<int, std::function<void()>> by_id;
};

}  // namespace

struct Registry::State {
  prometheus::Registry registry;

  // Families by name: prometheus-cpp would make a second one when the help text differs, and throws
  // when the kind does.
  template <typename Kind>
  using Families = std::map<std::string, prometheus::Family<Kind>*>;
  std::mutex mutex;
  Families<prometheus::Counter> counters;
  Families<prometheus::Gauge> gauges;
  Families<prometheus::Histogram> histograms;
  std::map<std::string, int> kinds;

  std::shared_ptr<Collectors> collectors = std::make_shared<Collectors>();

  template <typename Kind, typename Builder>
  prometheus::Family<Kind>& Family(Families<Kind>& families, int kind, Builder builder,
                                   const std::string& name, const std::string& help) {
    std::lock_guard lock(mutex);
    if (!kinds.emplace(name, kind).second && kinds[name] != kind) {
      ProgrammerError("name used for another kind", name);
    }
    auto [entry, added] = families.try_emplace(name, nullptr);
    if (added) entry->second = &builder.Name(name).Help(help).Register(registry);
    return *entry->second;
  }
};

void Counter::Increment(double by) { counter_->Increment(by); }
double Counter::value() const { return counter_->Value(); }
void Gauge::Set(double value) { gauge_->Set(value); }
void Gauge::Add(double by) { gauge_->Increment(by); }
double Gauge::value() const { return gauge_->Value(); }
void Histogram::Observe(double value) { histogram_->Observe(value); }

std::vector<double> LatencyBuckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
          0.1,    0.25,    0.5,    1,     2.5,    5,     10,   30};
}

std::vector<double> SizeBuckets() {
  return {1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000, 2'000, 5'000, 10'000};
}

Registry::Registry() : state_(std::make_unique<State>()) {}
Registry::~Registry() = default;

metrics::Counter Registry::Counter(const std::string& name, const std::string& help,
                                   const Labels& labels) {
  prometheus::Labels checked = Checked(name, labels);
  return metrics::Counter(
      state_->Family(state_->counters, 0, prometheus::BuildCounter(), name, help).Add(checked));
}

metrics::Gauge Registry::Gauge(const std::string& name, const std::string& help,
                               const Labels& labels) {
  prometheus::Labels checked = Checked(name, labels);
  return metrics::Gauge(
      state_->Family(state_->gauges, 1, prometheus::BuildGauge(), name, help).Add(checked));
}

metrics::Histogram Registry::Histogram(const std::string& name, const std::string& help,
                                       const std::vector<double>& upper_bounds,
                                       const Labels& labels) {
  prometheus::Labels checked = Checked(name, labels);
  return metrics::Histogram(
      state_->Family(state_->histograms, 2, prometheus::BuildHistogram(), name, help)
          .Add(checked, upper_bounds));
}

Registry::CollectorHandle Registry::AddCollector(std::function<void()> collect) {
  std::shared_ptr<Collectors> collectors = state_->collectors;
  std::lock_guard lock(collectors->mutex);
  int id = collectors->next_id++;
  collectors->by_id.emplace(id, std::move(collect));
  return CollectorHandle(nullptr, [collectors, id](void*) {
    std::lock_guard lock(collectors->mutex);
    collectors->by_id.erase(id);
  });
}

std::string Registry::Expose() const {
  {
    std::lock_guard lock(state_->collectors->mutex);
    for (const auto& [id, collect] : state_->collectors->by_id) collect();
  }
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, state_->registry.Collect());
  return std::move(text).str();
}

}  // namespace penstock::metrics
