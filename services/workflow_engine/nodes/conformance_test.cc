// Holds every listed node type to the contract of node_type.h. A new type is covered the moment it
// is in builtin.cc.
#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "libs/json/schema.h"
#include "libs/json/validate.h"
#include "services/workflow_engine/nodes/builtin.h"
#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

const NodeTypes& Types() {
  static const NodeTypes types = PlatformNodeTypes();
  return types;
}

std::string ReadmeOf(const NodeType& type) {
  std::ifstream file("services/workflow_engine/nodes/" + std::string(type.name()) + "/README.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The ```json blocks.
std::vector<Json> ExamplesOf(const NodeType& type) {
  std::vector<Json> examples;
  const std::string readme = ReadmeOf(type);
  const std::string open = "```json\n";
  for (size_t at = readme.find(open); at != readme.npos; at = readme.find(open, at)) {
    at += open.size();
    examples.push_back(Json::parse(readme.substr(at, readme.find("```", at) - at)));
  }
  return examples;
}

// Every way in which the engine could come back, fitting or not.
std::vector<StepResult> AllResults() {
  std::vector<StepResult> results;
  for (const char* json : {"null", "true", "false", "0", "-1", "7", "\"x\"", "[]", "{\"a\":1}"}) {
    results.push_back(Value(json));
  }
  for (int kind = 0; kind <= static_cast<int>(sandbox::OutcomeKind::kUnavailable); ++kind) {
    sandbox::Outcome outcome;
    outcome.kind = static_cast<sandbox::OutcomeKind>(kind);
    outcome.value_json = "1";
    results.push_back(outcome);
  }
  for (int status : {100, 200, 301, 404, 429, 500}) {
    results.push_back(HttpResponse{status, {{"content-type", "application/json"}}, "{broken"});
  }
  for (const char* type : {"EGRESS_DENIED", "TIMEOUT", ""})
    results.push_back(HttpFailure{type, "m"});
  results.push_back(TimerFired());
  results.push_back(SignalReceived{std::make_shared<const std::string>("[1]")});
  results.push_back(ServiceReply{std::string("{}")});
  results.push_back(ServiceReply{absl::UnavailableError("away")});
  return results;
}

std::vector<FakeContext> AllContexts() {
  std::vector<FakeContext> contexts;
  for (const char* input :
       {"null", "0", "\"text\"", "[]", "{}", R"([{"a":1},{"a":null}])",
        R"({"data":{"message":"hello"},"order":{"id":7,"lines":[1]},"lines":[]})"}) {
    contexts.emplace_back(input);
  }
  return contexts;
}

// What must hold of any step that any program of `node` takes.
void CheckStep(const NodeType& type, const CompiledNode& node, const Step& step) {
  INFO(Describe(step));
  if (const auto* complete = std::get_if<Complete>(&step)) {
    CHECK(json::Validate(complete->output).ok());
    const auto branches = type.branches(node.definition);
    CHECK((complete->branch.empty() ||
           std::find(branches.begin(), branches.end(), complete->branch) != branches.end()));
    CHECK(branches.empty() == complete->branch.empty());
    CHECK((!complete->response || type.role() == NodeRole::kResponse));
  } else if (const auto* stop = std::get_if<Stop>(&step)) {
    CHECK(json::Validate(stop->output).ok());
  } else if (const auto* fail = std::get_if<Fail>(&step)) {
    CHECK(json::Validate("\"" + fail->error.type + "\"").ok());
  } else if (const auto* evaluate = std::get_if<Evaluate>(&step)) {
    REQUIRE(evaluate->arguments.size() == evaluate->script->parameters().size());
    for (const std::string& argument : evaluate->arguments) CHECK(json::Validate(argument).ok());
    // What is evaluated can be checked beforehand.
    CHECK_FALSE(node.program->scripts().empty());
  }
}

// Begin and Resume with everything, twice: the same question has the same answer.
void Exercise(const NodeType& type, const CompiledNode& node) {
  for (const FakeContext& context : AllContexts()) {
    INFO("input " << context.input_text);
    const Step begun = node.program->Begin(context);
    CheckStep(type, node, begun);
    CHECK(Describe(begun) == Describe(node.program->Begin(context)));
    for (const StepResult& result : AllResults()) {
      const Step resumed = node.program->Resume(context, result);
      CheckStep(type, node, resumed);
      CHECK(Describe(resumed) == Describe(node.program->Resume(context, result)));
    }
  }
}

TEST_CASE("every type has a well formed name and describes itself") {
  REQUIRE_FALSE(Types().all().empty());
  for (const auto& type : Types().all()) {
    INFO(type->name());
    CHECK(std::regex_match(std::string(type->name()), std::regex("[a-z][a-z0-9_]{0,63}")));
    CHECK(type->description().size() > 10);
    CHECK(type->description().back() == '.');
    CHECK(Types().Find(type->name()) == type.get());
  }
  CHECK(Types().Find("no_such_type") == nullptr);
}

TEST_CASE("every config schema is draft 7, closed, and says what each field is for") {
  for (const auto& type : Types().all()) {
    INFO(type->name());
    const Json& schema = type->config_schema();
    CHECK(schema.value("$schema", "") == "http://json-schema.org/draft-07/schema#");
    CHECK(schema.value("type", "") == "object");
    CHECK(schema.value("additionalProperties", true) == false);
    CHECK(json::Schema::Create(schema).ok());
    for (const auto& [name, field] : schema["properties"].items()) {
      INFO(name);
      CHECK(field.is_object());
    }
  }
}

TEST_CASE("every config schema refuses junk") {
  for (const auto& type : Types().all()) {
    INFO(type->name());
    for (const char* junk : {"null", "1", "\"x\"", "[]", R"({"no_such_field":1})"}) {
      INFO(junk);
      CHECK_FALSE(CompileNode(*type, junk).problems.empty());
    }
  }
}

TEST_CASE("every README speaks of every field, and of input, output, branches and errors") {
  for (const auto& type : Types().all()) {
    INFO(type->name());
    const std::string readme = ReadmeOf(*type);
    CHECK(readme.rfind("# " + std::string(type->name()) + "\n", 0) == 0);
    for (const auto& [name, field] : type->config_schema()["properties"].items()) {
      INFO(name);
      CHECK(readme.find("`" + name + "`") != readme.npos);
    }
    for (const char* word : {"**Input", "utput:**", "**Branches:**", "**Errors:**"}) {
      INFO(word);
      CHECK(readme.find(word) != readme.npos);
    }
  }
}

TEST_CASE("every README's examples compile, and together show every field") {
  for (const auto& type : Types().all()) {
    INFO(type->name());
    std::set<std::string> shown;
    for (const Json& example : ExamplesOf(*type)) {
      INFO(example.dump());
      const CompiledNode node = CompileNode(*type, example);
      INFO(node.Written());
      CHECK(node.program != nullptr);
      for (const auto& [name, value] : example.items()) shown.insert(name);
    }
    REQUIRE_FALSE(shown.empty());
    for (const auto& [name, field] : type->config_schema()["properties"].items()) {
      INFO(name);
      CHECK(shown.contains(name));
    }
  }
}

TEST_CASE("programs are pure, end clearly whatever comes back, and write valid JSON") {
  for (const auto& type : Types().all()) {
    INFO(type->name());
    for (const Json& example : ExamplesOf(*type)) {
      INFO(example.dump());
      const CompiledNode node = CompileNode(*type, example);
      if (node.program != nullptr) Exercise(*type, node);
    }
  }
}

TEST_CASE("defaults of every type are within the ranges that a definition is held to") {
  for (const auto& type : Types().all()) {
    INFO(type->name());
    const RetryPolicy retry = type->default_retry();
    CHECK(retry.maximum_attempts >= 1);
    CHECK(retry.initial_interval > absl::ZeroDuration());
    CHECK(type->default_timeout() >= absl::ZeroDuration());
  }
}

// Configs that are nearly right: an example with parts replaced, dropped or added.
class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  Json Mutate(Json config) {
    for (int changes = 1 + Below(3); changes > 0; --changes) Change(config);
    return config;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }

  Json Junk() {
    static const std::vector<Json> kJunk = {nullptr,
                                            true,
                                            0,
                                            -1,
                                            1e308,
                                            3.5,
                                            "",
                                            "x",
                                            "{{",
                                            "{{a}}",
                                            "{{a+b}}",
                                            "\xc3\xa9",
                                            "\x01\n",
                                            std::string(5000, 'y'),
                                            Json::array(),
                                            Json::object(),
                                            Json::array({1, "a", nullptr}),
                                            Json{{"a", Json{{"b", 1}}}},
                                            "https://{{x}}",
                                            "* * * * *",
                                            "1h",
                                            "error",
                                            1e18,
                                            2147483648u};
    return kJunk[static_cast<size_t>(Below(static_cast<int>(kJunk.size())))];
  }

  void Change(Json& value) {
    if (value.is_structured() && !value.empty() && Below(4) != 0) {
      auto at = value.begin();
      std::advance(at, Below(static_cast<int>(value.size())));
      if (Below(6) == 0) {
        value.erase(at);
      } else {
        Change(*at);
      }
    } else if (value.is_object() && Below(2) == 0) {
      value["extra"] = Junk();
    } else {
      value = Junk();
    }
  }

  std::mt19937 random_;
};

TEST_CASE("no config makes a type crash, and what compiles runs") {
  for (const auto& type : Types().all()) {
    INFO(type->name());
    const std::vector<Json> examples = ExamplesOf(*type);
    REQUIRE_FALSE(examples.empty());
    Mutator mutator(20261121);
    for (int i = 0; i < 400; ++i) {
      const Json config = mutator.Mutate(examples[static_cast<size_t>(i) % examples.size()]);
      INFO(config.dump());
      const CompiledNode node = CompileNode(*type, config);
      CHECK((node.program != nullptr) == node.problems.empty());
      if (node.program == nullptr) continue;
      const FakeContext context(R"({"a":[1,{"b":"c"}]})");
      CheckStep(*type, node, node.program->Begin(context));
      for (const StepResult& result : AllResults()) {
        CheckStep(*type, node, node.program->Resume(context, result));
      }
    }
  }
}

TEST_CASE("a name that is taken twice is refused") {
  class Named final : public NodeType {
   public:
    std::string_view name() const override { return "twin"; }
    std::string_view description() const override { return "A twin."; }
    const Json& config_schema() const override { return schema_; }
    std::unique_ptr<NodeProgram> Compile(const NodeDefinition&,
                                         std::vector<Problem>&) const override {
      return nullptr;
    }

   private:
    Json schema_ = Json::object();
  };
  std::vector<std::unique_ptr<NodeType>> types;
  types.push_back(std::make_unique<Named>());
  types.push_back(std::make_unique<Named>());
  CHECK(NodeTypes::Create(std::move(types)).status().code() == absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace penstock::workflow_engine
