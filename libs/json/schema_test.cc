#include "libs/json/schema.h"

#include <catch2/catch.hpp>

namespace penstock::json {
namespace {

using Value = nlohmann::json;

std::vector<SchemaViolation> Validate(const char* schema, const char* value) {
  absl::StatusOr<Schema> created = Schema::Create(Value::parse(schema));
  REQUIRE(created.ok());
  return created->Validate(Value::parse(value));
}

constexpr const char* kSchema = R"({
  "type": "object", "required": ["name"], "additionalProperties": false,
  "properties": {
    "name": {"type": "string", "minLength": 1},
    "mode": {"enum": ["a", "b"]},
    "rows": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}}
  }})";

TEST_CASE("a value that matches has no violations") {
  CHECK(Validate(kSchema, R"({"name":"x","mode":"a","rows":[{"id":1}]})").empty());
}

TEST_CASE("every violation is reported, with its place and what is asked for") {
  const auto violations =
      Validate(kSchema, R"({"mode":"c","rows":[{"id":1},{"id":"1"}],"extra":1})");
  std::string text;
  for (const auto& violation : violations) {
    text += violation.path + ": " + violation.description + "\n";
  }
  INFO(text);
  CHECK(text.find("name: is required") != std::string::npos);
  CHECK(text.find("mode: must be a or b") != std::string::npos);
  CHECK(text.find("rows[1].id: must be integer") != std::string::npos);
  CHECK(text.find("extra: unknown field") != std::string::npos);
  CHECK(violations.size() == 4);
}

TEST_CASE("a string is not taken for a number") {
  CHECK(Validate(R"({"type":"number"})", "\"5\"").size() == 1);
}

TEST_CASE("keywords that need a regular expression engine or a document elsewhere are refused") {
  for (const char* schema : {R"({"pattern":"a"})", R"({"properties":{"a":{"format":"date"}}})",
                             R"({"items":[{"patternProperties":{}}]})", R"({"$ref":"#/x"})"}) {
    INFO(schema);
    CHECK_FALSE(Schema::Create(Value::parse(schema)).ok());
  }
  // As the name of a property it is a name.
  CHECK(Schema::Create(Value::parse(R"({"properties":{"pattern":{"type":"string"}}})")).ok());
}

TEST_CASE("what is not a schema is an error, not an exception") {
  CHECK_FALSE(Schema::Create(Value::parse(R"({"type":5})")).ok());
}

}  // namespace
}  // namespace penstock::json
