#include "libs/json_schema/schema.h"

#include <set>
#include <string>

#include "catch2/catch.hpp"
#include "fmt/format.h"
#include "libs/status/details.h"

namespace penstock::json_schema {
namespace {

using Json = nlohmann::json;

// "path: description" of each problem.
std::set<std::string> ProblemsOf(const char* schema) {
  std::set<std::string> problems;
  const absl::StatusOr<Schema> compiled = Schema::Compile(Json::parse(schema));
  if (compiled.ok()) return problems;
  CHECK(compiled.status().code() == absl::StatusCode::kInvalidArgument);
  for (const FieldViolation& problem : ViolationsOf(compiled.status())) {
    problems.insert(problem.field + ": " + problem.description);
  }
  return problems;
}

// "instance path (schema path): message" of each violation.
std::set<std::string> Check(const char* schema, const char* value) {
  const absl::StatusOr<Schema> compiled = Schema::Compile(Json::parse(schema));
  INFO(compiled.status());
  REQUIRE(compiled.ok());
  std::set<std::string> violations;
  for (const Violation& v : compiled->Validate(Json::parse(value))) {
    violations.insert(fmt::format("{} ({}): {}", v.instance_path, v.schema_path, v.message));
  }
  return violations;
}

using Lines = std::set<std::string>;

TEST_CASE("every violation is reported, with its place, its rule and what is asked for") {
  constexpr const char* kSchema = R"({
    "type": "object", "required": ["name"], "additionalProperties": false,
    "properties": {
      "name": {"type": "string", "minLength": 2},
      "mode": {"enum": ["a", "b", 1]},
      "rows": {"type": "array", "items": {"$ref": "#/definitions/row"}, "uniqueItems": true}},
    "definitions": {"row": {"properties": {"a/b": {"type": ["integer", "null"], "maximum": 9}}}}})";
  CHECK(Check(kSchema, R"({"name":"xy","mode":"a","rows":[{"a/b":1},{"a/b":null}]})").empty());
  CHECK(Check(kSchema, R"({"mode":"c","rows":[{"a/b":10},{"a/b":"1"}],"extra":1})") ==
        Lines{"/name (/required): is required",
              "/mode (/properties/mode/enum): must be a or b or 1",
              "/rows/0/a~1b (/definitions/row/properties/a~1b/maximum): must be at most 9",
              "/rows/1/a~1b (/definitions/row/properties/a~1b/type): must be integer or null",
              "/extra (/additionalProperties): unknown field"});
  CHECK(Check(kSchema, R"({"name":"x","rows":[{"z":1},{"z":1.0}]})") ==
        Lines{"/name (/properties/name/minLength): must have at least 2 characters",
              "/rows (/properties/rows/uniqueItems): has two equal items"});
}

TEST_CASE("what alternatives found is not reported, only that none fits") {
  constexpr const char* kSchema =
      R"({"anyOf":[{"type":"string"},{"required":["a"],"type":"object"}]})";
  CHECK(Check(kSchema, "{}") == Lines{" (/anyOf): fits none of the alternatives"});
  CHECK(Check(R"({"not":{"type":"string"}})", "\"x\"") == Lines{" (/not): is what must not be"});
  CHECK(Check(R"({"if":{"type":"string"},"then":{"minLength":3}})", "\"x\"") ==
        Lines{" (/then/minLength): must have at least 3 characters"});
}

TEST_CASE("a message holds nothing of the value") {
  constexpr const char* kValue = R"({"s":"hunter2","n":271828,"list":["hunter2","hunter2"]})";
  for (
      const char* rule :
      {R"({"additionalProperties":{"type":"boolean"}})", R"({"enum":[1]})", R"({"const":2})",
       R"({"properties":{"s":{"pattern":"^a","format":"uri","maxLength":1,"minLength":99}}})",
       R"({"properties":{"n":{"maximum":1,"multipleOf":5}}})",
       R"({"properties":{"list":{"uniqueItems":true,"contains":{"type":"null"},"items":false}}})"}) {
    const Lines violations = Check(rule, kValue);
    INFO(rule);
    CHECK_FALSE(violations.empty());
    for (const std::string& line : violations) {
      CHECK(line.find("hunter2") == line.npos);
      CHECK(line.find("271828") == line.npos);
    }
  }
}

TEST_CASE("every problem of a schema is reported with its place") {
  CHECK(
      ProblemsOf(R"json({"type":"text","minLength":-1,"maximum":"5","required":"a","title":1,
                      "properties":{"a/b":5,"c":{"pattern":"a(?=b)","items":[]}},
                      "enum":[],"oneOf":{},"uniqueItems":1,"multipleOf":0})json") ==
      Lines{"/type: must be null, boolean, object, array, number, string or integer",
            "/minLength: must be an integer, 0 or more", "/maximum: must be a number",
            "/required: must be an array of strings", "/title: must be a string",
            "/properties/a~1b: a schema must be an object, true or false",
            "/properties/c/pattern: the pattern \"a(?=b)\" can't be used: \"(?=\" (lookaround) is "
            "not supported",
            "/enum: must be an array, not an empty one",
            "/oneOf: must be an array of schemas, not an empty one",
            "/uniqueItems: must be true or false", "/multipleOf: must be more than 0"});
  CHECK(ProblemsOf("5") == Lines{": a schema must be an object, true or false"});
}

TEST_CASE("what later drafts brought is refused, as draft-07 would pass over it") {
  CHECK(ProblemsOf(R"({"prefixItems":[true]})") ==
        Lines{"/prefixItems: is not of draft-07, the draft that is read"});
  CHECK(ProblemsOf(R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})").size() == 1);
  CHECK(ProblemsOf(R"({"$schema":"http://json-schema.org/draft-07/schema#"})").empty());
  // As the name of a property it is a name.
  CHECK(ProblemsOf(R"({"properties":{"prefixItems":{"type":"string"},"$ref":true}})").empty());
}

TEST_CASE("references stay within the document") {
  constexpr const char* kOut =
      "/$ref: leads out of this document; only \"#/...\" and an \"$id\" within it are followed";
  CHECK(ProblemsOf(R"({"$ref":"http://169.254.169.254/schema.json"})") == Lines{kOut});
  CHECK(ProblemsOf(R"({"$ref":"file:///etc/passwd"})") == Lines{kOut});
  CHECK(ProblemsOf(R"({"$ref":"other.json#/a"})") == Lines{kOut});
  CHECK(ProblemsOf(R"({"$ref":"#/definitions/none"})") ==
        Lines{"/$ref: leads to nothing in this document"});
  CHECK(ProblemsOf(R"({"$ref":5})").size() == 1);
  // Places that no keyword knows are read when they are referred to, and only then.
  CHECK(Check(R"({"$ref":"#/parts/0","parts":[{"type":"null"},{"type":"?"}]})", "1") ==
        Lines{" (/parts/0/type): must be null"});
  CHECK(ProblemsOf(R"({"$ref":"#/parts/1","parts":[{"type":"null"},{"type":"?"}]})").size() == 1);
}

TEST_CASE("an identifier within the document is a place to refer to") {
  constexpr const char* kSchema = R"({
    "$id": "https://example.com/root/", "items": {"$ref": "part"},
    "definitions": {
      "a": {"$id": "part", "allOf": [{"$ref": "#name"}],
            "definitions": {"n": {"$id": "#name", "type": "integer"}}}}})";
  CHECK(Check(kSchema, "[1]").empty());
  CHECK(Check(kSchema, "[\"1\"]") ==
        Lines{"/0 (/definitions/a/definitions/n/type): must be integer"});
  CHECK(ProblemsOf(R"({"definitions":{"a":{"$id":"#x"},"b":{"$id":"#x"}}})").size() == 1);
}

TEST_CASE("a subschema can be used by itself") {
  const absl::StatusOr<Schema> schema = Schema::Compile(Json::parse(
      R"({"definitions":{"a":{"type":"string"},"b":{"items":{"$ref":"#/definitions/a"}}}})"));
  REQUIRE(schema.ok());
  const std::optional<Schema> part = schema->At("/definitions/b");
  REQUIRE(part.has_value());
  CHECK(part->Validate({"x"}).empty());
  CHECK(part->Validate({1}).size() == 1);
  CHECK_FALSE(schema->At("/definitions/c").has_value());
  CHECK_FALSE(schema->At("/definitions").has_value());
}

}  // namespace
}  // namespace penstock::json_schema
