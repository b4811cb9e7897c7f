#include "services/workflow_engine/nodes/response/response.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

Complete Rendered(const char* config, const FakeContext& context) {
  const CompiledNode node = CompileNode(*MakeResponseType(), config);
  INFO(node.Written());
  REQUIRE(node.program != nullptr);
  const Step step = node.program->Begin(context);
  INFO(Describe(step));
  REQUIRE(std::holds_alternative<Complete>(step));
  REQUIRE(std::get<Complete>(step).response.has_value());
  return std::get<Complete>(step);
}

TEST_CASE("text is answered as text, and recorded as a JSON string") {
  const Complete complete = Rendered(R"({"template":"The processed result is: {{result}}"})",
                                     FakeContext(R"({"result":"hello processed"})"));
  CHECK(complete.response->body == "The processed result is: hello processed");
  CHECK(complete.response->content_type == "text/plain; charset=utf-8");
  CHECK(complete.response->http_status == 200);
  CHECK(complete.output == R"("The processed result is: hello processed")");
}

TEST_CASE("JSON is answered as JSON") {
  const Complete complete =
      Rendered(R"({"template":{"n":"{{n}}","s":"<{{n}}>"},"status":201})", FakeContext(R"({"n":5})"));
  CHECK(complete.response->body == R"({"n":5,"s":"<5>"})");
  CHECK(complete.response->content_type == "application/json");
  CHECK(complete.response->http_status == 201);
  CHECK(complete.output == complete.response->body);
}

TEST_CASE("a template of one hole answers with the value, whatever its type") {
  const FakeContext context(R"({"o":{"a":1},"s":"text"})");
  CHECK(Rendered(R"({"template":"{{o}}"})", context).response->body == R"({"a":1})");
  CHECK(Rendered(R"({"template":"{{o}}"})", context).response->content_type == "application/json");
  CHECK(Rendered(R"({"template":"{{s}}"})", context).response->body == "text");
  CHECK(Rendered(R"({"template":"{{s}}"})", context).output == "\"text\"");
  CHECK(Rendered(R"({"template":"{{missing}}"})", context).output == "null");
}

TEST_CASE("headers are rendered, and can't smuggle another") {
  const FakeContext context(R"({"id":"7","evil":"x\r\nSet-Cookie: a=b"})");
  const Complete complete = Rendered(
      R"({"template":"","headers":{"Location":"/orders/{{id}}"},"content_type":"text/html"})", context);
  CHECK(complete.response->headers[0].second == "/orders/7");
  CHECK(complete.response->content_type == "text/html");
  const CompiledNode node =
      CompileNode(*MakeResponseType(), R"({"template":"","headers":{"X":"{{evil}}"}})");
  CHECK(Describe(node.program->Begin(context)) == "Fail INVALID_VALUE");
}

TEST_CASE("what could never be sent is refused") {
  for (const char* config :
       {R"({"template":"{{a+b}}"})", R"({"template":{"x":["{{f()}}"]}})", R"({"template":"","status":99})",
        R"({"template":"","headers":{"Content-Length":"5"}})", R"({"template":"","headers":{"a b":"c"}})",
        R"({"template":"","content_type":"a\nb"})", "{}"}) {
    INFO(config);
    CHECK(CompileNode(*MakeResponseType(), config).problems.size() == 1);
  }
}

}  // namespace
}  // namespace penstock::workflow_engine
