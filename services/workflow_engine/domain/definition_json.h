// From a definition as its author wrote it, which is JSON, to what the engine reads in it.
//
// The JSON is the source: it is stored and given back whole, with members that the engine does not
// know, such as an editor's notes. Definition is a view of it and is never written back.
#pragma once

#include <string>
#include <vector>

#include "services/workflow_engine/domain/definition.h"

namespace penstock::workflow_engine {

// The four parts as JSON text, each in a column of its own.
struct DefinitionText {
  std::string nodes = "[]";
  std::string edges = "[]";
  std::string variables = "{}";
  std::string settings = "{}";

  bool operator==(const DefinitionText&) const = default;
};

// Appends a problem for each member that is not of its type and goes on with its default, so that
// indexes into nodes and edges are those of the text. Whether what it says makes sense is for
// Graph::Compile. Nested no deeper than libs/json allows: reading is recursive.
Definition ParseDefinition(const DefinitionText& text, std::vector<Problem>& problems);

}  // namespace penstock::workflow_engine
