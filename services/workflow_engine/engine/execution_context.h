// What a program sees of one attempt. For the parts of Execution only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fmt/format.h"
#include "services/workflow_engine/engine/execution.h"

namespace penstock::workflow_engine {

class Execution::Context final : public NodeContext {
 public:
  Context(const Execution& execution, int node, absl::Time now)
      : execution_(execution), node_(node), now_(now) {}

  std::string_view input() const override { return *run().input; }
  std::vector<std::string> completed_nodes() const override {
    std::vector<std::string> ids;
    for (size_t n = 0; n < execution_.nodes_.size(); ++n) {
      const NodeRun& run = execution_.nodes_[n];
      if (run.phase == Phase::kDone && run.output) ids.push_back(execution_.graph_->nodes()[n].definition.id);
    }
    return ids;
  }
  std::optional<std::string_view> output_of(std::string_view node_id) const override {
    int other = execution_.graph_->FindNode(node_id);
    if (other < 0) return std::nullopt;
    const NodeRun& run = execution_.nodes_[other];
    if (run.phase != Phase::kDone || !run.output) return std::nullopt;
    return *run.output;
  }
  std::string_view variables() const override { return execution_.graph_->variables(); }
  std::string_view trigger() const override { return *execution_.identity_->input; }
  std::string_view execution() const override { return execution_.ExecutionJson(); }
  int attempt() const override { return run().attempt; }
  std::string_view idempotency_key() const override {
    if (key_.empty()) {
      key_ = fmt::format("{}/{}/{}", execution_.identity_->id.ToString(),
                         execution_.graph_->nodes()[node_].definition.id, run().visit);
    }
    return key_;
  }
  absl::Time now() const override { return now_; }

 private:
  const NodeRun& run() const { return execution_.nodes_[node_]; }

  const Execution& execution_;
  int node_;
  absl::Time now_;
  mutable std::string key_;
};

}  // namespace penstock::workflow_engine
