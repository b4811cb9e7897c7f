#include "services/workflow_engine/domain/shape.h"

#include <algorithm>

namespace penstock::workflow_engine {

Shape::Shape(int nodes, const std::vector<std::pair<int, int>>& arrows)
    : next_(static_cast<size_t>(nodes)) {
  for (const auto& [from, to] : arrows) next_[from].push_back(to);
}

std::vector<bool> Shape::ReachableFrom(const std::vector<int>& starts) const {
  std::vector<bool> reached(next_.size());
  std::vector<int> open;
  const auto visit = [&](int node) {
    if (reached[node]) return;
    reached[node] = true;
    open.push_back(node);
  };
  for (int start : starts) visit(start);
  while (!open.empty()) {
    const int node = open.back();
    open.pop_back();
    for (int next : next_[node]) visit(next);
  }
  return reached;
}

std::optional<std::vector<int>> Shape::FindCycle() const {
  enum class Color { kNew, kOnPath, kDone };
  std::vector<Color> colors(next_.size(), Color::kNew);
  struct Step {
    int node;
    size_t next = 0;
  };
  std::vector<Step> path;
  for (int start = 0; start < static_cast<int>(next_.size()); ++start) {
    if (colors[start] != Color::kNew) continue;
    colors[start] = Color::kOnPath;
    path.push_back({start});
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next == next_[step.node].size()) {
        colors[step.node] = Color::kDone;
        path.pop_back();
        continue;
      }
      const int next = next_[step.node][step.next++];
      if (colors[next] == Color::kOnPath) {
        std::vector<int> cycle;
        auto at = std::ranges::find(path, next, &Step::node);
        for (; at != path.end(); ++at) cycle.push_back(at->node);
        cycle.push_back(next);
        return cycle;
      }
      if (colors[next] == Color::kNew) {
        colors[next] = Color::kOnPath;
        path.push_back({next});
      }
    }
  }
  return std::nullopt;
}

}  // namespace penstock::workflow_engine
