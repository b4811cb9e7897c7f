#include "tests/bench/figure.h"

#include <algorithm>

namespace penstock::bench {

const double* Figure::Find(const std::string& name) const {
  for (const auto& [key, value] : values) {
    if (key == name) return &value;
  }
  return nullptr;
}

Figure MedianOf(const std::vector<Figure>& repeats) {
  Figure median = repeats.front();
  for (auto& [name, value] : median.values) {
    std::vector<double> all;
    for (const Figure& figure : repeats) {
      if (const double* found = figure.Find(name)) all.push_back(*found);
    }
    std::sort(all.begin(), all.end());
    size_t middle = all.size() / 2;
    value = all.size() % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
  }
  return median;
}

}  // namespace penstock::bench
