// Schemas and values made to stall or crash. A test here fails by taking forever, by ending the
// process, or by letting the thing through.
#include <string>

#include "catch2/catch.hpp"
#include "fmt/format.h"
#include "libs/json_schema/schema.h"
#include "libs/status/details.h"

namespace penstock::json_schema {
namespace {

using Json = nlohmann::json;

Schema Compiled(const Json& schema, const Limits& limits = {}) {
  absl::StatusOr<Schema> compiled = Schema::Compile(schema, limits);
  INFO(compiled.status());
  REQUIRE(compiled.ok());
  return *std::move(compiled);
}

std::string FirstProblem(const Json& schema) {
  const absl::StatusOr<Schema> compiled = Schema::Compile(schema);
  if (compiled.ok()) return "";
  const FieldViolation problem = ViolationsOf(compiled.status()).at(0);
  return problem.field + ": " + problem.description;
}

constexpr const char* kTooMuch = "takes too many steps to check against the schema";

// That there was too much to do is said, whatever else is.
bool IsStopped(const Schema& schema, const Json& value) {
  const std::vector<Violation> violations = schema.Validate(value);
  return !violations.empty() && violations.back().message == kTooMuch;
}

TEST_CASE("patterns that end or stall backtracking engines take linear time") {
  // std::regex overflows the stack.
  const Schema alternatives = Compiled({{"pattern", "^(a|b)*$"}});
  const std::string text(30'000, 'a');
  CHECK(alternatives.Validate(text).empty());
  CHECK(alternatives.Validate(text + "!").size() == 1);
  // std::regex takes 2^n steps.
  const Schema nested = Compiled({{"pattern", "^(a+)+$"}});
  CHECK(nested.Validate(text).empty());
  CHECK(nested.Validate(text + "!").at(0).message == "must match \"^(a+)+$\"");
  CHECK(Compiled({{"patternProperties", {{"^(x+x+)+y$", false}}}})
            .Validate({{std::string(5000, 'x'), 1}})
            .empty());
}

TEST_CASE("large patterns on large texts cost in proportion") {
  const Schema schema = Compiled({{"pattern", "(?:a?b?c?d?e?){100}(?:[ab]|c[de]){100}$"}});
  CHECK(IsStopped(schema, std::string(4 << 20, 'a')));
}

TEST_CASE("patterns have bounds") {
  CHECK(FirstProblem({{"pattern", std::string(1001, 'a')}}) ==
        "/pattern: a pattern may have 1000 bytes");
  CHECK(FirstProblem({{"pattern", "((a{1,100}){1,100}){1,100}"}}) != "");
  CHECK(FirstProblem({{"pattern", R"((\p{L}{500}){2})"}}) != "");
  Json many = Json::object();
  for (int i = 0; i < 2000; ++i) many[fmt::format("^{}\\p{{L}}{{900}}$", i)] = true;
  CHECK(FirstProblem({{"patternProperties", many}}) != "");
}

TEST_CASE("a schema has bounds") {
  CHECK(FirstProblem({{"description", std::string(257 << 10, 'x')}}) ==
        ": a schema may have 262144 bytes");
  Json deep = true;
  for (int i = 0; i < 32; ++i) deep = {{"items", deep}};
  CHECK(FirstProblem(deep).find("schemas may nest 32 deep") != std::string::npos);
  Json list = Json::array();
  for (int i = 0; i < 5001; ++i) list.push_back(true);
  CHECK(FirstProblem({{"items", list}}).find("may have 5000 subschemas") != std::string::npos);
  Json bottomless = Json::array();
  for (int i = 0; i < 5'000; ++i) bottomless = Json::array({std::move(bottomless)});
  CHECK(FirstProblem({{"const", bottomless}}) != "");
}

TEST_CASE("references in a circle are a problem, those through the value are not") {
  CHECK(FirstProblem({{"$ref", "#"}}) ==
        ": leads back to itself without looking at a part of the value");
  const char* through_many = R"({"definitions":{"a":{"allOf":[{"$ref":"#/definitions/b"}]},
    "b":{"not":{"$ref":"#/definitions/c"}},"c":{"if":true,"then":{"$ref":"#/definitions/a"}}}})";
  CHECK(FirstProblem(Json::parse(through_many)) != "");
  const Schema tree =
      Compiled(Json::parse(R"({"type":"object","additionalProperties":{"$ref":"#"}})"));
  CHECK(tree.Validate(Json::parse(R"({"a":{"b":{}}})")).empty());
  CHECK(tree.Validate(Json::parse(R"({"a":{"b":1}})")).size() == 1);
}

// Each level asks the next one twice.
Json Doubling(const char* keyword, int levels) {
  Json definitions = {{"n0", {{"type", "null"}}}};
  for (int i = 1; i <= levels; ++i) {
    const Json next = {{"$ref", fmt::format("#/definitions/n{}", i - 1)}};
    definitions[fmt::format("n{}", i)] = {{keyword, {next, next}}};
  }
  return {{"definitions", definitions}, {"$ref", fmt::format("#/definitions/n{}", levels)}};
}

TEST_CASE("references that multiply are stopped") {
  CHECK(IsStopped(Compiled(Doubling("allOf", 60)), nullptr));
  CHECK(IsStopped(Compiled(Doubling("anyOf", 60)), 1));
  CHECK(IsStopped(Compiled(Doubling("oneOf", 60)), 1));
  // Being stopped is not taken for "does not fit", which would turn into its opposite here.
  CHECK(IsStopped(Compiled({{"definitions", Doubling("anyOf", 60)["definitions"]},
                            {"not", {{"$ref", "#/definitions/n60"}}}}),
                  1));
}

TEST_CASE("a chain of references does not take the stack") {
  Json definitions = {{"n0", true}};
  for (int i = 1; i < 4000; ++i) {
    definitions[fmt::format("n{}", i)] = {{"$ref", fmt::format("#/definitions/n{}", i - 1)}};
  }
  const Schema schema = Compiled({{"definitions", definitions}, {"$ref", "#/definitions/n3999"}});
  CHECK(schema.Validate(1).at(0).message == "nested too deep to check against the schema");
}

TEST_CASE("many alternatives for many items are stopped") {
  Json alternatives = Json::array(), items = Json::array();
  for (int i = 0; i < 4000; ++i) {
    alternatives.push_back({{"const", i}});
    items.push_back(i);
  }
  CHECK(IsStopped(Compiled({{"items", {{"oneOf", alternatives}}}}), items));
  CHECK(Compiled({{"oneOf", alternatives}}).Validate(7).empty());
}

TEST_CASE("comparing is counted too") {
  Json large = Json::array();
  for (int i = 0; i < 20'000; ++i) large.push_back(i);
  Json equal_but_last = Json::array();
  for (int i = 0; i < 300; ++i) {
    equal_but_last.push_back(large);
    equal_but_last.back().back() = -i;
  }
  CHECK(IsStopped(Compiled({{"uniqueItems", true}}), equal_but_last));
  Json names = Json::array();
  for (int i = 0; i < 20'000; ++i) names.push_back(std::to_string(i));
  Json objects = Json::array();
  for (int i = 0; i < 200; ++i) objects.push_back(Json::object());
  CHECK(IsStopped(Compiled({{"items", {{"required", names}}}}), objects));
}

TEST_CASE("a value nests no deeper than can be checked") {
  Json deep = 1;
  for (int i = 0; i < 5'000; ++i) deep = Json::array({std::move(deep)});
  CHECK(Compiled({{"uniqueItems", true}}).Validate(deep).at(0).message ==
        "nested deeper than 64 levels");
}

TEST_CASE("violations are no more than can be read, and short") {
  Json items = Json::array();
  for (int i = 0; i < 10'000; ++i) items.push_back({{std::string(5000, 'k'), 1}});
  const Schema schema = Compiled({{"items", {{"additionalProperties", {{"type", "string"}}}}}});
  const std::vector<Violation> violations = schema.Validate(items);
  CHECK(violations.size() == 100);
  CHECK(violations[0].instance_path.size() < 1100);
}

TEST_CASE("a regular expression as a value is no cheaper than one in a schema") {
  Json items = Json::array();
  for (int i = 0; i < 1000; ++i) items.push_back(fmt::format("{}a*", i));
  CHECK(IsStopped(Compiled({{"items", {{"format", "regex"}}}}), items));
}

}  // namespace
}  // namespace penstock::json_schema
