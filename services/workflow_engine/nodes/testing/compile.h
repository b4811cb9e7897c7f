// Node types as the graph uses them, one node at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

struct CompiledNode {
  NodeDefinition definition;
  std::unique_ptr<NodeProgram> program;  // null when there are problems
  std::vector<Problem> problems;         // of the schema or of Compile; fields such as "config.code"

  // "<field>: <description>" lines.
  std::string Written() const;
};

// Schema first, then Compile, as graph.cc does.
CompiledNode CompileNode(const NodeType& type, const Json& config);
CompiledNode CompileNode(const NodeType& type, const char* config);

// The branch of a Complete, the type of a Fail, ...: one line that names what a step is.
std::string Describe(const Step& step);

sandbox::Outcome Value(std::string json);
sandbox::Outcome Threw(std::string name, std::string message);

}  // namespace penstock::workflow_engine
