#include "services/workflow_engine/nodes/duration_template.h"

#include <optional>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/nodes/duration.h"
#include "services/workflow_engine/nodes/templating.h"

namespace penstock::workflow_engine {
namespace {

absl::StatusOr<absl::Duration> Read(const std::string& text) {
  const std::optional<absl::Duration> duration = ParseHumanDuration(text);
  if (duration) return *duration;
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a duration such as \"2s\" or \"1h30m\", of at most 3650 days", text));
}

}  // namespace

DurationTemplate DurationTemplate::Parse(const std::string& field, const Json& value, std::vector<Problem>& problems) {
  const size_t before = problems.size();
  const std::string text = value.is_string() ? value.get<std::string>() : fmt::format("{}", value.get<double>());
  Template parsed = TemplateReader(problems).Text(field, text);
  if (parsed.is_constant() && problems.size() == before) {
    const absl::Status status = Read(text).status();
    if (!status.ok()) problems.push_back({"", field, std::string(status.message())});
  }
  return DurationTemplate(std::move(parsed));
}

absl::StatusOr<absl::Duration> DurationTemplate::Render(const NodeContext& context) const {
  ASSIGN_OR_RETURN(const std::string text, text_.RenderText(context));
  return Read(text);
}

}  // namespace penstock::workflow_engine
