// The graph as arrows between numbers: what can be said without knowing what a node does.
#pragma once

#include <optional>
#include <utility>
#include <vector>

namespace penstock::workflow_engine {

class Shape {
 public:
  // Arrows (from, to) between nodes 0..nodes-1.
  Shape(int nodes, const std::vector<std::pair<int, int>>& arrows);

  // By node; the starts themselves included.
  std::vector<bool> ReachableFrom(const std::vector<int>& starts) const;

  // Nodes of one cycle in order, the first repeated at the end; nothing when there is none.
  std::optional<std::vector<int>> FindCycle() const;

 private:
  std::vector<std::vector<int>> next_;
};

}  // namespace penstock::workflow_engine
