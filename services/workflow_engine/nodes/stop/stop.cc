#include "services/workflow_engine/nodes/stop/stop.h"

#include <string>
#include <utility>

#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/stop/schema.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

class StopProgram final : public NodeProgram {
 public:
  explicit StopProgram(JsonTemplate output) : output_(std::move(output)) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<std::string> output = output_.Render(context);
    if (!output.ok()) return RenderingFailed(output.status());
    return Stop{*std::move(output)};
  }

 private:
  JsonTemplate output_;
};

class StopType final : public DescribedType {
 public:
  StopType() : DescribedType("stop", "Ends the execution now, completed, with a result.",
                             stop::kConfigSchema) {}

  Json templates(const NodeDefinition& node) const override { return Members(node, {"output"}); }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    const Json output = node.config.value("output", Json("{{input}}"));
    return std::make_unique<StopProgram>(TemplateReader(problems).Value("config.output", output));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeStopType() { return std::make_unique<StopType>(); }

}  // namespace penstock::workflow_engine
