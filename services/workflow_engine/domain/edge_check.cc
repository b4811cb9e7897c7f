#include "services/workflow_engine/domain/edge_check.h"

#include <algorithm>

#include "fmt/format.h"
#include "services/workflow_engine/domain/json_measure.h"
#include "services/workflow_engine/domain/limits.h"

namespace penstock::workflow_engine {

std::shared_ptr<const sandbox::Script> CompileCondition(const EdgeDefinition& edge,
                                                        const std::string& field,
                                                        std::vector<Problem>& problems) {
  if (edge.condition.empty()) return nullptr;
  if (edge.condition.size() > kMaxExpressionBytes) {
    problems.push_back({"", field + ".condition",
                        fmt::format("must not be longer than {} KiB", kMaxExpressionBytes >> 10)});
    return nullptr;
  }
  if (!IsUtf8(Json(edge.condition))) {
    problems.push_back({"", field + ".condition", "must be UTF-8"});
    return nullptr;
  }
  return sandbox::Script::Create(sandbox::ScriptKind::kExpression, {"input"}, edge.condition);
}

void CheckLabel(const EdgeDefinition& edge, const std::string& field, const GraphNode& source,
                std::vector<Problem>& problems) {
  if (edge.label.empty()) return;
  if (edge.label == "error") {
    if (source.definition.on_error != OnError::kErrorEdge) {
      problems.push_back(
          {source.definition.id, field + ".label",
           fmt::format("is never taken: on_error of \"{}\" is not \"error_edge\"", edge.source)});
    }
    return;
  }
  if (source.program == nullptr) return;  // its branches are not known
  const std::vector<std::string> branches = source.type->branches(source.definition);
  if (std::ranges::find(branches, edge.label) != branches.end()) return;
  std::string offered;
  for (const std::string& branch : branches) offered += fmt::format("\"{}\", ", branch);
  problems.push_back({source.definition.id, field + ".label",
                      fmt::format("\"{}\" has no branch \"{}\"; it has {}\"error\"", edge.source,
                                  edge.label, offered)});
}

}  // namespace penstock::workflow_engine
