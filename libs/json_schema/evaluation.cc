#include "libs/json_schema/evaluation.h"

#include <string>
#include <utility>

#include "libs/json_schema/pointer.h"

namespace penstock::json_schema {
namespace {

// Bounds the stack: a node and its keyword take about half a kilobyte.
constexpr int kMaxNodesOnStack = 2000;
constexpr size_t kMaxPath = 1000;

// Names of members are the sender's, and may be long.
std::string Shortened(std::string path) {
  if (path.size() <= kMaxPath) return path;
  size_t end = kMaxPath;
  while (end > 0 && (path[end] & 0xc0) == 0x80) --end;  // not within a character
  return path.substr(0, end) + "…";
}

}  // namespace

bool Evaluation::Stop(std::string_view why) {
  if (!stopped_) violations_.push_back({"", "", std::string(why)});
  stopped_ = true;
  return false;
}

bool Evaluation::Spend(size_t steps) {
  if (stopped_) return false;
  if (steps > steps_left_) return Stop("takes too many steps to check against the schema");
  steps_left_ -= steps;
  return true;
}

bool Evaluation::Enter() {
  if (depth_ >= kMaxNodesOnStack) return Stop("nested too deep to check against the schema");
  if (!Spend(1)) return false;
  ++depth_;
  return true;
}

bool Evaluation::Fail(const Instance& at, const Node& node, std::string_view keyword,
                      std::string_view message) {
  if (quiet() || stopped_ || violations_.size() >= limits_.max_violations) return false;
  std::string schema_path = node.Path();
  if (!keyword.empty()) schema_path.append("/").append(keyword);
  violations_.push_back({Shortened(at.Path()), std::move(schema_path), std::string(message)});
  return false;
}

bool Evaluation::FailMember(const Instance& at, std::string_view member, const Node& node,
                            std::string_view keyword, std::string_view message) {
  // A value of any kind: only the way to it is asked for.
  return Fail(Instance{at.value, &at, member}, node, keyword, message);
}

std::vector<Violation> Evaluation::TakeViolations() { return std::move(violations_); }

}  // namespace penstock::json_schema
