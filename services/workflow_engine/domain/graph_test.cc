#include "services/workflow_engine/domain/graph.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "services/workflow_engine/domain/limits.h"
#include "services/workflow_engine/nodes/builtin.h"

namespace penstock::workflow_engine {
namespace {

const NodeTypes& Types() {
  static const NodeTypes types = BuiltinNodeTypes();
  return types;
}

NodeDefinition Node(std::string id, std::string type, const char* config) {
  NodeDefinition node;
  node.id = std::move(id);
  node.type = std::move(type);
  node.config = Json::parse(config);
  return node;
}

NodeDefinition Trigger(std::string id = "trigger-1", const char* action = "test") {
  NodeDefinition node = Node(std::move(id), "trigger", R"({"triggerType":"webhook"})");
  node.config["actionType"] = action;
  return node;
}

NodeDefinition Function(std::string id) {
  return Node(std::move(id), "function", R"({"code":"return input;"})");
}

EdgeDefinition Edge(std::string source, std::string target, std::string label = "") {
  EdgeDefinition edge;
  edge.source = std::move(source);
  edge.target = std::move(target);
  edge.label = std::move(label);
  return edge;
}

// Seed 002's, as written.
Definition Sample() {
  Definition sample;
  sample.nodes = {
      Trigger(),
      Node("process-1", "function",
           R"json({"code":"return { result: input.data.message + \" processed\" };"})json"),
      Node("response-1", "response", R"({"template":"The processed result is: {{result}}"})")};
  sample.edges = {Edge("trigger-1", "process-1"), Edge("process-1", "response-1")};
  return sample;
}

std::vector<Problem> ProblemsOf(const Definition& definition) {
  std::vector<Problem> problems;
  const bool compiled = Graph::Compile(definition, Types(), problems, Strictness::kToPublish) != nullptr;
  REQUIRE(compiled == problems.empty());
  return problems;
}

std::string Written(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    text += fmt::format("{} {}: {}\n", problem.node_id, problem.field, problem.description);
  }
  return text;
}

// Exactly one problem, at `field`, that says `words`.
void CheckOnlyProblem(const Definition& definition, std::string_view field, std::string_view words) {
  const std::vector<Problem> problems = ProblemsOf(definition);
  INFO(Written(problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].field == field);
  CHECK(problems[0].description.find(words) != std::string::npos);
}

TEST_CASE("the sample compiles into nodes, adjacency and a trigger") {
  std::vector<Problem> problems;
  const auto graph = Graph::Compile(Sample(), Types(), problems);
  INFO(Written(problems));
  REQUIRE(graph != nullptr);
  CHECK(graph->nodes().size() == 3);
  CHECK(graph->FindNode("response-1") == 2);
  CHECK(graph->FindNode("absent") == -1);
  REQUIRE(graph->triggers().size() == 1);
  CHECK(graph->triggers()[0].trigger_type == "webhook");
  CHECK(graph->triggers()[0].action_type == "test");
  CHECK(graph->nodes()[1].incoming == std::vector<int>{0});
  CHECK(graph->nodes()[1].outgoing == std::vector<int>{1});
  CHECK(graph->reachable_from(0) == std::vector<bool>{true, true, true});
  CHECK(graph->variables() == "{}");
}

TEST_CASE("all scripts are listed with the field that holds them") {
  Definition definition = Sample();
  definition.edges[1].condition = "input.ok";
  std::vector<Problem> problems;
  const auto scripts = Graph::Compile(definition, Types(), problems)->scripts();
  REQUIRE(scripts.size() == 2);
  CHECK(scripts[0].node_id == "process-1");
  CHECK(scripts[0].field == "nodes[1].config.code");
  CHECK(scripts[1].field == "edges[1].condition");
  CHECK(scripts[1].script->parameters() == std::vector<std::string>{"input"});
}

TEST_CASE("every problem is reported at once") {
  Definition definition = Sample();
  definition.nodes[1].type = "functoin";
  definition.nodes[2].config["template"] = "{{a+b}}";
  definition.nodes[2].timeout = absl::Seconds(-1);
  definition.edges.push_back(Edge("process-1", "nowhere"));
  const std::vector<Problem> problems = ProblemsOf(definition);
  INFO(Written(problems));
  REQUIRE(problems.size() == 4);
  CHECK(problems[0].field == "nodes[1].type");
  CHECK(problems[0].node_id == "process-1");
  CHECK(problems[1].field == "nodes[2].timeout_seconds");
  CHECK(problems[2].field == "nodes[2].config.template");
  CHECK(problems[3].field == "edges[2].target");
}

TEST_CASE("a workflow without a trigger is refused") {
  Definition definition;
  definition.nodes = {Function("a")};
  CheckOnlyProblem(definition, "nodes", "trigger");
  CheckOnlyProblem(Definition(), "nodes", "trigger");
}

TEST_CASE("an id must be well formed and unique") {
  for (const std::string& id : {std::string(), std::string("a b"), std::string("a.b"),
                                std::string("é"), std::string(65, 'x')}) {
    INFO(id);
    Definition definition = Sample();
    definition.nodes[2].id = id;
    definition.edges[1].target = id;
    CheckOnlyProblem(definition, "nodes[2].id", "letters");
  }
  Definition definition = Sample();
  definition.nodes.push_back(Function("process-1"));
  const auto problems = ProblemsOf(definition);
  CHECK(problems[0].field == "nodes[3].id");
}

TEST_CASE("config is held against the type's schema") {
  Definition definition = Sample();
  definition.nodes[1].config = Json::parse(R"({"code":5,"extra":1})");
  const auto problems = ProblemsOf(definition);
  INFO(Written(problems));
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].node_id == "process-1");
  CHECK(Written(problems).find("nodes[1].config.code: must be string") != std::string::npos);
  CHECK(Written(problems).find("nodes[1].config.extra: unknown field") != std::string::npos);
}

TEST_CASE("edges must join nodes that are there, once, and not enter a trigger") {
  Definition dangling = Sample();
  dangling.edges.push_back(Edge("ghost", "response-1"));
  CheckOnlyProblem(dangling, "edges[2].source", "no node \"ghost\"");
  Definition repeated = Sample();
  repeated.edges.push_back(repeated.edges[1]);
  CheckOnlyProblem(repeated, "edges[2]", "repeats");
  Definition entering = Sample();
  entering.nodes.push_back(Trigger("trigger-2", "other"));
  entering.edges.push_back(Edge("trigger-1", "trigger-2"));
  CheckOnlyProblem(entering, "edges[2].target", "into a trigger");
}

TEST_CASE("a cycle is named") {
  Definition definition = Sample();
  definition.nodes.push_back(Function("again"));
  definition.edges.push_back(Edge("process-1", "again"));
  definition.edges.push_back(Edge("again", "process-1"));
  CheckOnlyProblem(definition, "edges", "process-1 -> again -> process-1");
  Definition loop = Sample();
  loop.edges.push_back(Edge("process-1", "process-1"));
  CheckOnlyProblem(loop, "edges", "process-1 -> process-1");
}

TEST_CASE("a node that no trigger leads to is refused") {
  Definition definition = Sample();
  definition.nodes.push_back(Function("island"));
  CheckOnlyProblem(definition, "nodes[3]", "reached");
}

TEST_CASE("a node that undoes another stands apart and undoes nothing else") {
  Definition definition = Sample();
  definition.nodes.push_back(Function("undo"));
  definition.nodes[1].compensate_with = "undo";
  CHECK(ProblemsOf(definition).empty());
  SECTION("it must be there") {
    definition.nodes[1].compensate_with = "nobody";
    definition.nodes.pop_back();
    CheckOnlyProblem(definition, "nodes[1].compensate_with", "no node");
  }
  SECTION("it has no edges") {
    definition.nodes.pop_back();
    definition.nodes[1].compensate_with = "response-1";
    CheckOnlyProblem(definition, "nodes[1].compensate_with", "has edges");
  }
  SECTION("it undoes one node") {
    definition.nodes[2].compensate_with = "undo";
    CheckOnlyProblem(definition, "nodes[2].compensate_with", "already");
  }
  SECTION("it is not undone itself") {
    definition.nodes.push_back(Function("redo"));
    definition.nodes[3].compensate_with = "redo";
    CHECK_FALSE(ProblemsOf(definition).empty());
  }
}

TEST_CASE("a label must be one that its source offers") {
  Definition definition = Sample();
  definition.edges[1].label = "true";
  CheckOnlyProblem(definition, "edges[1].label", "no branch \"true\"");
}

TEST_CASE("an error edge and on_error go together") {
  Definition unused = Sample();
  unused.edges[1].label = "error";
  CheckOnlyProblem(unused, "edges[1].label", "never taken");
  Definition missing = Sample();
  missing.nodes[1].on_error = OnError::kErrorEdge;
  CheckOnlyProblem(missing, "nodes[1].on_error", "labelled \"error\"");
  Definition both = Sample();
  both.nodes[1].on_error = OnError::kErrorEdge;
  both.edges.push_back(Edge("process-1", "response-1", "error"));
  CHECK(ProblemsOf(both).empty());
}

TEST_CASE("two triggers of one workflow can't be started by the same") {
  Definition definition = Sample();
  definition.nodes.push_back(Trigger("trigger-2"));
  definition.edges.push_back(Edge("trigger-2", "process-1"));
  CheckOnlyProblem(definition, "nodes[3].config.actionType", "trigger-1");
}

TEST_CASE("to answer by a response node there must be one") {
  Definition definition = Sample();
  definition.nodes[0].config["respond"] = "response";
  CHECK(ProblemsOf(definition).empty());
  definition.nodes.pop_back();
  definition.edges.pop_back();
  CheckOnlyProblem(definition, "nodes[0].config.respond", "response node");
}

TEST_CASE("retry policies are held to their ranges") {
  Definition definition = Sample();
  RetryPolicy& retry = definition.nodes[1].retry.emplace();
  retry.initial_interval = absl::ZeroDuration();
  retry.backoff_coefficient = 0.5;
  retry.maximum_attempts = -1;
  retry.jitter = 1.5;
  retry.maximum_elapsed = absl::Seconds(-1);
  const auto problems = ProblemsOf(definition);
  INFO(Written(problems));
  CHECK(problems.size() == 5);
  CHECK(std::ranges::all_of(problems, [](const Problem& problem) {
    return problem.field.rfind("nodes[1].retry.", 0) == 0;
  }));
  retry = RetryPolicy();
  retry.maximum_interval = absl::Milliseconds(1);
  CheckOnlyProblem(definition, "nodes[1].retry.maximum_interval_seconds", "shorter");
}

TEST_CASE("attempts of 0 mean the type's default") {
  Definition definition = Sample();
  definition.nodes[1].retry.emplace().maximum_attempts = 0;
  std::vector<Problem> problems;
  const auto graph = Graph::Compile(definition, Types(), problems);
  CHECK(graph->nodes()[1].retry.maximum_attempts ==
        Types().Find("function")->default_retry().maximum_attempts);
}

TEST_CASE("what is too large, too deep or not UTF-8 is refused by name") {
  Definition large = Sample();
  large.nodes[2].config["template"] = std::string(kMaxConfigBytes, 'x');
  CheckOnlyProblem(large, "nodes[2].config", "KiB");
  Definition deep = Sample();
  Json nested = 1;
  for (int i = 0; i < 100; ++i) nested = Json::array({nested});
  deep.nodes[2].config["template"] = nested;
  CheckOnlyProblem(deep, "nodes[2].config", "nested");
  Definition broken = Sample();
  broken.nodes[2].config["template"] = "\xff\xfe";
  CheckOnlyProblem(broken, "nodes[2].config", "UTF-8");
  Definition variables = Sample();
  variables.variables = Json::array();
  CheckOnlyProblem(variables, "variables", "object");
  Definition condition = Sample();
  condition.edges[0].condition = std::string(kMaxExpressionBytes + 1, ' ');
  CheckOnlyProblem(condition, "edges[0].condition", "KiB");
}

TEST_CASE("no more than 500 nodes and 2000 edges") {
  Definition definition;
  for (size_t i = 0; i <= kMaxNodes; ++i) definition.nodes.push_back(Function(fmt::format("n{}", i)));
  CheckOnlyProblem(definition, "nodes", "500");
  Definition edges = Sample();
  for (size_t i = 0; i <= kMaxEdges; ++i) edges.edges.push_back(Edge("trigger-1", "process-1"));
  CheckOnlyProblem(edges, "edges", "2000");
}

TEST_CASE("a line of 500 nodes compiles") {
  Definition definition;
  definition.nodes.push_back(Trigger());
  for (size_t i = 1; i < kMaxNodes; ++i) {
    definition.nodes.push_back(Function(fmt::format("n{}", i)));
    definition.edges.push_back(
        Edge(i == 1 ? "trigger-1" : fmt::format("n{}", i - 1), fmt::format("n{}", i)));
  }
  CHECK(ProblemsOf(definition).empty());
}

TEST_CASE("a template may only refer to nodes that are there") {
  Definition definition = Sample();
  definition.nodes[2].config = Json::parse(
      R"json({"template":{"a":["{{nodes.process-1.output.x}}","{{nodes.proces-1.output.x}} {{nodes.gone.output}}"],
              "b":"{{nodes.gone.other}} \\{{nodes.gone.output}}"},"headers":{"X-A":"{{ nodes.gone.output.y }}"}})json");
  std::vector<Problem> problems = ProblemsOf(definition);
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].node_id == "response-1");
  CHECK(problems[0].field == "nodes[2].config.headers.X-A");
  CHECK(problems[0].description == "there is no node \"gone\"");
  CHECK(problems[1].field == "nodes[2].config.template.a[1]");
  CHECK(problems[1].description == "there is no node \"proces-1\"");
  CHECK(problems[2].field == "nodes[2].config.template.a[1]");
  // What was published before there was this rule still runs.
  std::vector<Problem> to_run;
  CHECK(Graph::Compile(definition, Types(), to_run) != nullptr);
}

TEST_CASE("every type's templates are looked into") {
  const std::pair<const char*, const char*> kConfigs[] = {
      {"response", R"({"template":"{{nodes.gone.output}}"})"},
      {"stop", R"({"output":{"a":"{{nodes.gone.output}}"}})"},
      {"fail", R"({"message":"{{nodes.gone.output}}"})"},
      {"wait", R"({"duration":"{{nodes.gone.output}}"})"},
      {"wait", R"({"until":"{{nodes.gone.output}}"})"},
      {"http_request", R"({"url":"https://example.com/{{nodes.gone.output}}"})"},
      {"http_request", R"({"url":"https://example.com/","query":{"q":"{{nodes.gone.output}}"}})"},
      {"http_request", R"({"url":"https://example.com/","method":"POST","body":{"q":"{{nodes.gone.output}}"}})"},
      {"transform", R"({"operation":"set","values":{"v":"{{nodes.gone.output}}"}})"},
      {"transform", R"({"operation":"map","items":"nodes.gone.output","expression":"item"})"}};
  for (const auto& [type, config] : kConfigs) {
    INFO(type << " " << config);
    Definition definition;
    definition.nodes = {Trigger(), Node("n", type, config)};
    definition.edges = {Edge("trigger-1", "n")};
    std::vector<Problem> problems = ProblemsOf(definition);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].description == "there is no node \"gone\"");
  }
}

TEST_CASE("a join can't want more branches than can lead to it in one run") {
  Definition definition;
  definition.nodes = {Trigger(), Function("a"), Function("b"), Node("j", "join", R"({"mode":"n","count":2})")};
  definition.edges = {Edge("trigger-1", "a"), Edge("trigger-1", "b"), Edge("a", "j"), Edge("b", "j")};
  CHECK(ProblemsOf(definition).empty());
  definition.nodes[3].config["count"] = 3;
  std::vector<Problem> problems = ProblemsOf(definition);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].node_id == "j");
  CHECK(problems[0].field == "nodes[3].config.count");

  // Of a condition's two branches one is taken.
  definition.nodes = {Trigger(), Node("c", "condition", R"({"expression":"true"})"), Node("j", "join", R"({"mode":"n","count":2})")};
  definition.edges = {Edge("trigger-1", "c"), Edge("c", "j", "true"), Edge("c", "j", "false")};
  CHECK(ProblemsOf(definition).size() == 1);
  definition.nodes[2].config = Json::parse(R"({"mode":"any"})");
  CHECK(ProblemsOf(definition).empty());
}

}  // namespace
}  // namespace penstock::workflow_engine
