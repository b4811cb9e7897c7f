// One line of the benchmark's table: what was run and the values measured, by name.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace penstock::bench {

struct Figure {
  std::string scenario;  // "W1"
  std::string variant;   // "64 in flight"
  // Names end in their unit; docs/guides/benchmarks.md explains each.
  std::vector<std::pair<std::string, double>> values;

  void Set(const std::string& name, double value) { values.emplace_back(name, value); }
  const double* Find(const std::string& name) const;
};

// Value by value the median over repeats of the same figure. An even count takes the mean of the
// middle two.
Figure MedianOf(const std::vector<Figure>& repeats);

}  // namespace penstock::bench
