// A schema, compiled: one node for each subschema, one keyword object for each rule in it. Internal
// to the library.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libs/json_schema/limits.h"
#include "libs/json_schema/pattern.h"
#include "nlohmann/json.hpp"

namespace penstock::json_schema {

using Json = nlohmann::json;
class Evaluation;
struct Node;

// A value within the value that is checked, and the way to it.
struct Instance {
  const Json& value;
  const Instance* parent = nullptr;
  std::string_view name = {};  // in the parent, when that is an object
  size_t index = 0;            // when it is an array

  std::string Path() const;  // a JSON pointer
};

// One rule of a node. Reports to `run` what does not fit, and says whether it does.
class Keyword {
 public:
  explicit Keyword(const Node& owner) : owner_(owner) {}
  virtual ~Keyword() = default;
  virtual bool Check(const Instance& at, Evaluation& run) const = 0;

 protected:
  const Node& owner_;
};

struct Node {
  const Node* parent = nullptr;
  std::string step;            // from the parent: "/properties/name"
  std::optional<bool> always;  // a schema that is true or false
  std::vector<std::unique_ptr<const Keyword>> keywords;
  std::vector<const Node*> in_place;  // asked about the same value

  std::string Path() const;
  bool Check(const Instance& at, Evaluation& run) const;
};

// Everything that one document became. Nodes point into it, so it never moves.
struct Program {
  Json source;
  Limits limits;
  std::deque<Node> nodes;
  std::map<std::string, std::unique_ptr<const Pattern>, std::less<>> patterns;
  std::unordered_map<const Json*, const Node*> places;
};

}  // namespace penstock::json_schema
