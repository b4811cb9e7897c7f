// A duration in config: seconds, text such as "1h30m", or a template that renders to either.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/workflow_engine/nodes/node_type.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {

class DurationTemplate {
 public:
  // `value` is a string or a number. What is wrong, and known to be before it is rendered, becomes a problem of the field.
  static DurationTemplate Parse(const std::string& field, const Json& value, std::vector<Problem>& problems);

  // INVALID_ARGUMENT when it renders to no duration, of at most 3650 days.
  absl::StatusOr<absl::Duration> Render(const NodeContext& context) const;

 private:
  explicit DurationTemplate(Template text) : text_(std::move(text)) {}
  Template text_;
};

}  // namespace penstock::workflow_engine
