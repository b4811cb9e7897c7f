// A NodeContext whose every answer is a member to set.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

class FakeContext final : public NodeContext {
 public:
  FakeContext() = default;
  explicit FakeContext(std::string input) : input_text(std::move(input)) {}

  std::string_view input() const override { return input_text; }
  std::vector<std::string> completed_nodes() const override {
    std::vector<std::string> ids;
    for (const auto& [id, output] : outputs) ids.push_back(id);
    return ids;
  }
  std::optional<std::string_view> output_of(std::string_view node_id) const override {
    const auto found = outputs.find(std::string(node_id));
    if (found == outputs.end()) return std::nullopt;
    return found->second;
  }
  std::string_view variables() const override { return variables_text; }
  std::string_view trigger() const override { return trigger_text; }
  std::string_view execution() const override { return execution_text; }
  int attempt() const override { return attempt_number; }
  std::string_view idempotency_key() const override { return key; }
  absl::Time now() const override { return time; }

  std::string input_text = "{}";
  std::map<std::string, std::string> outputs;
  std::string variables_text = "{}";
  std::string trigger_text = R"({"type":"webhook","data":{"message":"hello"}})";
  std::string execution_text = R"({"id":"e1"})";
  int attempt_number = 1;
  std::string key = "e1/node/1";
  absl::Time time = absl::FromUnixSeconds(1'800'000'000);
};

}  // namespace penstock::workflow_engine
