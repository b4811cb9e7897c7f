// From a JSON document to a Program: walks the subschemas, then binds references, then looks for
// those that lead in a circle. Internal to the library.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libs/json_schema/node.h"
#include "libs/status/details.h"

namespace penstock::json_schema {

class Reference;

class Compiler {
 public:
  explicit Compiler(Program& program) : program_(program) {}

  // The node of the whole document; only good when there are no problems then.
  const Node* Run();
  const std::vector<FieldViolation>& problems() const { return problems_; }

  struct Position {
    const Node* parent;
    std::string step;
    const std::string* base;  // URI that references are relative to
    int depth;
  };
  // Never null: in place of what is wrong there is a node that accepts everything.
  const Node* Compile(const Json& schema, const Position& position);

  const Pattern* CompilePattern(const std::string& text, std::string_view path);
  void Problem(std::string path, std::string text);

  // For a subschema with an "$id": remembers it, and says what it makes the base.
  const std::string* Identify(const Json& id, const Json& schema, const Node& node,
                              const std::string* base);
  // Binds `reference` of `node` when everything is walked.
  void Bind(Reference& reference, Node& node, const Json& uri, const std::string* base);

  const Limits& limits() const { return program_.limits; }

 private:
  struct Resource {
    const Json* schema;
    const Node* node;
  };
  struct Pending {
    Reference* reference;
    Node* node;
    std::string uri;  // absolute
  };

  const Node* Target(const Pending& pending);
  const Node* At(const Resource& resource, const std::string& base, const std::string& pointer);
  bool HasRoom(const Position& position);

  Program& program_;
  const Node accepting_;
  std::vector<FieldViolation> problems_;
  std::set<std::string> bases_;
  std::map<std::string, Resource> resources_;  // by URI without fragment
  std::map<std::string, const Node*> names_;   // by URI with a fragment that is a name
  std::vector<Pending> pending_;
  size_t pattern_memory_ = 0;
};

}  // namespace penstock::json_schema
