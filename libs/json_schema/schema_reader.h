// Reads the keywords of one subschema into its node. Internal to the library; keywords_*.cc have
// the rules, each file those of one kind of value.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/json_schema/compiler.h"
#include "libs/json_schema/node.h"

namespace penstock::json_schema {

class SchemaReader {
 public:
  SchemaReader(Compiler& compiler, const Json& schema, Node& node, const std::string* base,
               int depth)
      : compiler_(compiler), schema_(schema), node_(node), base_(base), depth_(depth) {}

  void Read();

  // For the rules. What has the wrong form is a problem, and read as if it were not there.
  const Json* FindKeyword(const char* keyword) const;
  std::optional<size_t> Count(const char* keyword);
  const Json* Number(const char* keyword);
  std::optional<std::string> Text(const char* keyword);
  std::vector<std::string> Names(const Json& names, std::string_view below);
  const Node* Subschema(const char* keyword);
  std::vector<const Node*> Subschemas(const char* keyword);
  std::vector<std::pair<std::string, const Node*>> NamedSubschemas(const char* keyword);
  const Node* Child(const Json& schema, std::string step);
  const Pattern* CompilePattern(const std::string& text, std::string_view below);
  // `below` this schema: "/pattern".
  void Problem(std::string_view below, std::string text);

  template <typename Rule, typename... Arguments>
  void Add(Arguments&&... arguments) {
    node_.keywords.push_back(
        std::make_unique<const Rule>(node_, std::forward<Arguments>(arguments)...));
  }
  // Asks `child` about the same value.
  void InPlace(const Node* child) { node_.in_place.push_back(child); }

 private:
  void ReadAnnotations();
  void ReadReference(const Json& uri);

  Compiler& compiler_;
  const Json& schema_;
  Node& node_;
  const std::string* base_;
  int depth_;
};

void ReadTypeKeywords(SchemaReader& reader);
void ReadNumberKeywords(SchemaReader& reader);
void ReadStringKeywords(SchemaReader& reader);
void ReadArrayKeywords(SchemaReader& reader);
void ReadObjectKeywords(SchemaReader& reader);
void ReadLogicKeywords(SchemaReader& reader);

}  // namespace penstock::json_schema
