#include "libs/json_schema/circles.h"

#include <unordered_map>

namespace penstock::json_schema {
namespace {

enum class Visit { kOpen, kDone };

struct Step {
  const Node* node;
  size_t next = 0;  // of in_place
};

}  // namespace

std::vector<const Node*> FindCircles(const std::deque<Node>& nodes) {
  std::vector<const Node*> found;
  std::unordered_map<const Node*, Visit> visits;
  std::vector<Step> way;
  const auto go = [&](const Node* node) {
    const auto [visit, is_new] = visits.emplace(node, Visit::kOpen);
    if (is_new) {
      way.push_back({node});
    } else if (visit->second == Visit::kOpen) {
      found.push_back(node);
    }
  };
  for (const Node& start : nodes) {
    go(&start);
    while (!way.empty()) {
      Step& step = way.back();
      if (step.next < step.node->in_place.size()) {
        go(step.node->in_place[step.next++]);
      } else {
        visits[step.node] = Visit::kDone;
        way.pop_back();
      }
    }
  }
  return found;
}

}  // namespace penstock::json_schema
