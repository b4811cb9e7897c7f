#include "services/workflow_engine/nodes/join/join.h"

#include <string>

#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/join/schema.h"

namespace penstock::workflow_engine {
namespace {

// The engine does the waiting, by readiness; what is left is to pass on what arrived.
class JoinProgram final : public NodeProgram {
 public:
  Step Begin(const NodeContext& context) const override {
    return Complete{std::string(context.input()), "", std::nullopt};
  }
};

class JoinType final : public DescribedType {
 public:
  JoinType()
      : DescribedType("join", "Waits for all, any or a number of the branches that lead to it.",
                      join::kConfigSchema) {}

  Readiness readiness(const NodeDefinition& node) const override {
    const std::string mode = node.config.value("mode", "all");
    if (mode == "all") return {};
    return {mode == "any" ? 1 : node.config.value("count", 1)};
  }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    const bool counted = node.config.value("mode", "all") == "n";
    if (counted != node.config.contains("count")) {
      problems.push_back({"", "config.count", counted ? "is required for mode n" : "is only for mode n"});
    }
    return std::make_unique<JoinProgram>();
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeJoinType() { return std::make_unique<JoinType>(); }

}  // namespace penstock::workflow_engine
