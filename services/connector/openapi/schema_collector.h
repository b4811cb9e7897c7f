// The schemas of an api_spec as one document of draft-07, which is what gets compiled and shown.
//
// OpenAPI 3.0 has a dialect of its own (nullable, exclusiveMinimum as a boolean), 3.1 is draft
// 2020-12. A schema means something else in a request than in an answer: a member that is readOnly
// need not be sent, whatever "required" says.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "services/connector/openapi/document.h"

namespace penstock::connector::openapi {

enum class Dialect { k30, k31 };
enum class Direction { kRequest, kResponse };

class SchemaCollector {
 public:
  SchemaCollector(const Json& document, Dialect dialect, Direction direction)
      : document_(document), dialect_(dialect), direction_(direction) {}

  // Takes the schema at `pointer`, and what it refers to.
  void Use(const std::string& pointer);

  // {"definitions": {pointer: schema}}.
  Json TakeSchemas();
  const Findings& findings() const { return findings_; }

  // Where a schema stands in the document that TakeSchemas made.
  static std::string DefinitionOf(const std::string& pointer);

 private:
  void Plan(const std::string& pointer);
  void Take(const std::string& pointer);
  Json Translate(const Place& schema);
  Json TranslateReference(const Place& reference);
  void TranslateParts(const Place& schema, Json& out);
  void TranslateRequired(const Place& schema, Json& out);
  bool IsLeftOut(const Json& property) const;

  const Json& document_;
  const Dialect dialect_;
  const Direction direction_;
  Json definitions_ = Json::object();
  std::set<std::string> known_;
  std::vector<std::string> todo_;
  size_t taken_ = 0;
  Findings findings_;
};

}  // namespace penstock::connector::openapi
