// Counters, gauges and histograms of one process, for Prometheus. A registry is owned by App and
// passed to whatever measures.
//
// Names are penstock_<noun>_<unit>[_total]; labels have few values and never a tenant, user or id.
// Make a metric once, keep the reference, and touch it on the hot path: the references live as long
// as the registry.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace penstock::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
 public:
  void Increment(double by = 1);
  double value() const;

 private:
  friend class Registry;
  explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  void Set(double value);
  void Add(double by);
  double value() const;

 private:
  friend class Registry;
  explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  void Observe(double value);

 private:
  friend class Registry;
  explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
  prometheus::Histogram* histogram_;
};

// Upper bounds in seconds from 100 us to 30 s, for latencies.
std::vector<double> LatencyBuckets();
// Upper bounds 1, 2, 5, 10, ... 10,000, for sizes of batches and queues.
std::vector<double> SizeBuckets();

class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // The same name and labels give the same metric. A name not of the form above, a label that names
  // a tenant, user or id, or a name used for another kind is a programmer error and aborts. Handles
  // are small values; copy them.
  metrics::Counter Counter(const std::string& name, const std::string& help,
                           const Labels& labels = {});
  metrics::Gauge Gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  metrics::Histogram Histogram(const std::string& name, const std::string& help,
                               const std::vector<double>& upper_bounds, const Labels& labels = {});

  // Runs before each exposition, to set gauges that are read from somewhere (queue lengths, pool
  // sizes). Must not block. The returned handle ends it.
  using CollectorHandle = std::shared_ptr<void>;
  [[nodiscard]] CollectorHandle AddCollector(std::function<void()> collect);

  // Text exposition format 0.0.4; content type below.
  std::string Expose() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

inline constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace penstock::metrics
