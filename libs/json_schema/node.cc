#include "libs/json_schema/node.h"

#include <vector>

#include "libs/json_schema/evaluation.h"
#include "libs/json_schema/pointer.h"

namespace penstock::json_schema {

std::string Instance::Path() const {
  if (parent == nullptr) return "";
  const std::string step = parent->value.is_array() ? std::to_string(index) : EscapeStep(name);
  return parent->Path() + "/" + step;
}

std::string Node::Path() const { return parent == nullptr ? step : parent->Path() + step; }

bool Node::Check(const Instance& at, Evaluation& run) const {
  if (!run.Enter()) return false;
  bool fits = true;
  if (always) {
    fits = *always || run.Fail(at, *this, "", "nothing is allowed here");
  }
  for (const auto& keyword : keywords) {
    if (!keyword->Check(at, run)) fits = false;
    if (run.stopped() || (!fits && run.quiet())) break;
  }
  run.Leave();
  return fits;
}

}  // namespace penstock::json_schema
