#include "services/workflow_engine/nodes/transform/transform.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"
#include "services/workflow_engine/nodes/transform/merge.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeTransformType(), config); }

TEST_CASE("map, filter and reduce are one evaluation over the list") {
  const FakeContext context(R"({"rows":[1,2]})");
  const CompiledNode map =
      Compiled(R"({"operation":"map","items":"rows","expression":"item * 2"})");
  const Step step = map.program->Begin(context);
  CHECK(Describe(step) == R"(Evaluate items=[1,2] initial=null input={"rows":[1,2]})");
  CHECK(std::get<Evaluate>(step).script->source() == "items.map((item, index) => (\nitem * 2\n))");
  CHECK(Describe(map.program->Resume(context, Value("[2,4]"))) == "Complete [2,4]");
  const CompiledNode reduce = Compiled(
      R"({"operation":"reduce","items":"rows","expression":"accumulator + item","initial":10})");
  CHECK(Describe(reduce.program->Begin(context)) ==
        R"(Evaluate items=[1,2] initial=10 input={"rows":[1,2]})");
}

TEST_CASE("the input itself is the list unless a path says otherwise") {
  const CompiledNode filter = Compiled(R"({"operation":"filter","expression":"item"})");
  CHECK(Describe(filter.program->Begin(FakeContext("[0,1]"))) ==
        "Evaluate items=[0,1] initial=null input=[0,1]");
  CHECK(Describe(filter.program->Begin(FakeContext(R"({"a":1})"))) == "Fail TypeError");
}

TEST_CASE("set adds members to the input, or makes an object of its own") {
  const FakeContext context(R"({"a":1,"b":[ 2 ]})");
  CHECK(Describe(Compiled(R"({"operation":"set","values":{"b":"{{a}}","c":"<{{a}}>"}})")
                     .program->Begin(context)) == R"(Complete {"a":1,"b":1,"c":"<1>"})");
  CHECK(Describe(Compiled(R"({"operation":"set","values":{"x":"{{b}}"},"keep_input":false})")
                     .program->Begin(context)) == R"(Complete {"x":[2]})");
  CHECK(Describe(Compiled(R"({"operation":"set","values":{}})").program->Begin(FakeContext("5"))) ==
        "Fail TypeError");
}

TEST_CASE("settings of another operation are refused") {
  for (const char* config :
       {R"({"operation":"map"})", R"({"operation":"set"})",
        R"({"operation":"map","expression":"1","values":{}})",
        R"({"operation":"map","expression":"1","initial":0})",
        R"({"operation":"set","values":{},"items":"a"})",
        R"({"operation":"map","expression":"1","items":"a + b"})",
        R"({"operation":"set","values":{"x":"{{1+1}}"}})", R"({"operation":"sort"})"}) {
    INFO(config);
    CHECK(Compiled(config).problems.size() == 1);
  }
}

TEST_CASE("objects are merged as text, the second winning") {
  CHECK(MergeObjects(R"({"a":1,"b":2})", R"({"b":3})") == R"({"a":1,"b":3})");
  CHECK(MergeObjects("{}", R"({"b":1e5})") == R"({"b":1e5})");
  CHECK(MergeObjects(R"({"a":{"x":[1]}})", "{}") == R"({"a":{"x":[1]}})");
  CHECK(MergeObjects("[]", "{}") == std::nullopt);
  CHECK(MergeObjects("{}", "null") == std::nullopt);
}

}  // namespace
}  // namespace penstock::workflow_engine
