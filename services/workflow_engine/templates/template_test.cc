#include "services/workflow_engine/templates/template.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

std::string Text(std::string_view source, const FakeContext& context) {
  absl::StatusOr<Template> parsed = Template::Parse(source);
  REQUIRE(parsed.ok());
  return parsed->RenderText(context).value();
}

std::string AsJson(const Json& source, const FakeContext& context) {
  absl::StatusOr<JsonTemplate> parsed = JsonTemplate::Parse(source);
  REQUIRE(parsed.ok());
  return parsed->Render(context).value();
}

TEST_CASE("the sample's answer is rendered from the node's input") {
  const FakeContext context(R"({"result":"hello processed"})");
  CHECK(Text("The processed result is: {{result}}", context) ==
        "The processed result is: hello processed");
}

TEST_CASE("a path is looked up in the input first, then by its root") {
  FakeContext context(R"({"variables":{"a":"from input"},"x":1})");
  context.variables_text = R"({"a":"from variables","b":"only there"})";
  context.outputs["step-1"] = R"({"rows":[{"id":7}]})";
  CHECK(Text("{{variables.a}}|{{variables.b}}", context) == "from input|only there");
  CHECK(Text("{{nodes.step-1.output.rows[0].id}}", context) == "7");
  CHECK(Text("{{nodes.step-1.output.rows.0.id}}", context) == "7");
  CHECK(Text("{{trigger.data.message}} {{execution.id}}", context) == "hello e1");
  CHECK(Text("{{input.x}}", context) == "1");
}

TEST_CASE("in text strings stand bare, null as nothing and all else as compact JSON") {
  const FakeContext context(
      R"({"s":"a\"b\u00e9","n":null,"t":true,"f":1.50,"big":12345678901234567890123,"o":{ "k" : [ 1, 2 ] }})");
  CHECK(Text("{{s}}", context) == "a\"bé");
  CHECK(Text("<{{n}}>", context) == "<>");
  CHECK(Text("{{t}} {{f}} {{big}}", context) == "true 1.50 12345678901234567890123");
  CHECK(Text("{{o}}", context) == R"({"k":[1,2]})");
}

TEST_CASE("a path that leads nowhere is empty in text and null as a whole value") {
  const FakeContext context(R"({"a":[1],"s":"text"})");
  CHECK(Text("<{{missing}}{{a[5]}}{{a.name}}{{s.deeper}}{{nodes.x.output}}>", context) == "<>");
  CHECK(AsJson("{{missing}}", context) == "null");
}

TEST_CASE("a string that is exactly one hole keeps the value's type") {
  const FakeContext context(R"({"n":5,"o":{"a":[true]},"s":"x"})");
  CHECK(AsJson(Json::parse(R"({"n":"{{n}}","o":"{{ o }}","s":"{{s}}","t":"{{n}}!","c":3})"), context) ==
        R"({"c":3,"n":5,"o":{"a":[true]},"s":"x","t":"5!"})");
  CHECK(AsJson("{{input}}", context) == R"({"n":5,"o":{"a":[true]},"s":"x"})");
}

TEST_CASE("a backslash keeps braces as they are") {
  CHECK(Text(R"(\{{result}} is {{result}} }})", FakeContext(R"({"result":1})")) ==
        "{{result}} is 1 }}");
}

TEST_CASE("a key that is no bare word is written in brackets") {
  const FakeContext context(R"({"x y":{"a.b":1},"h\u00e4":2,"":3})");
  CHECK(Text(R"({{["x y"]['a.b']}}{{hä}}{{[""]}})", context) == "123");
}

TEST_CASE("what is more than a path is refused with what to do instead") {
  for (const char* source : {"{{a + b}}", "{{f()}}", "{{}}", "{{a.}}", "{{.a}}", "{{a..b}}",
                             "{{a[}}", "{{a[-1]}}", "{{a[x]}}", "{{a|upper}}", "{{a b}}",
                             "{{ #if x }}", "{{a[0]b}}", "{{a.[0]}}"}) {
    INFO(source);
    const absl::StatusOr<Template> parsed = Template::Parse(source);
    REQUIRE_FALSE(parsed.ok());
    CHECK(std::string(parsed.status().message()).find("function node") != std::string::npos);
  }
  CHECK_FALSE(Template::Parse("open {{a").ok());
}

TEST_CASE("a problem inside a JSON template names its place") {
  const absl::Status status = JsonTemplate::Parse(Json::parse(R"({"a":[{"b":"{{1+1}}"}]})")).status();
  CHECK(std::string(status.message()).find("a[0].b") != std::string::npos);
}

TEST_CASE("an input that is not an object has no members") {
  CHECK(Text("<{{a}}>{{input}}", FakeContext("\"text\"")) == "<>text");
  CHECK(Text("<{{a}}>{{input}}", FakeContext("5")) == "<>5");
  CHECK(Text("<{{a}}>{{input}}", FakeContext("null")) == "<>");
  CHECK(Text("{{[1].a}}", FakeContext(R"([0,{"a":"x"}])")) == "x");
}

TEST_CASE("what would render beyond the limit is an error") {
  const FakeContext context("\"" + std::string(1 << 20, 'x') + "\"");
  std::string source;
  for (int i = 0; i < 9; ++i) source += "{{input}}";
  const absl::StatusOr<std::string> text = Template::Parse(source)->RenderText(context);
  CHECK(text.status().code() == absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace penstock::workflow_engine
