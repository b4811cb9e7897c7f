#include "services/workflow_engine/domain/definition_json.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace penstock::workflow_engine {
namespace {

Definition ParseWell(const DefinitionText& text) {
  std::vector<Problem> problems;
  Definition definition = ParseDefinition(text, problems);
  for (const Problem& problem : problems)
    UNSCOPED_INFO(problem.field << ": " << problem.description);
  REQUIRE(problems.empty());
  return definition;
}

// "node: field" of every problem, in order.
std::vector<std::string> ProblemsOf(const DefinitionText& text) {
  std::vector<Problem> problems;
  ParseDefinition(text, problems);
  std::vector<std::string> places;
  for (const Problem& problem : problems) {
    CHECK_FALSE(problem.description.empty());
    places.push_back(problem.node_id + ": " + problem.field);
  }
  return places;
}

TEST_CASE("a definition with every member is read whole") {
  const Definition definition = ParseWell({
      .nodes = R"([{
        "id": "call", "name": "Call", "type": "http_request", "config": {"url": "https://x.example"},
        "retry": {"initial_interval_seconds": 0.5, "backoff_coefficient": 3, "maximum_interval_seconds": 60,
                  "maximum_attempts": 5, "jitter": 0, "non_retryable_error_types": ["HTTP_404"],
                  "maximum_elapsed_seconds": 600},
        "timeout_seconds": 2.5, "on_error": "error_edge", "compensate_with": "undo",
        "position": {"x": 1, "y": 2}, "colour": "red"}])",
      .edges = R"([{"source": "a", "target": "b", "condition": "input.ok", "label": "true"}])",
      .variables = R"({"greeting": "hi"})",
      .settings = R"({"timeout_seconds": 90})",
  });
  REQUIRE(definition.nodes.size() == 1);
  const NodeDefinition& node = definition.nodes[0];
  CHECK(node.id == "call");
  CHECK(node.name == "Call");
  CHECK(node.type == "http_request");
  CHECK(node.config == Json{{"url", "https://x.example"}});
  CHECK(node.timeout == absl::Seconds(2.5));
  CHECK(node.on_error == OnError::kErrorEdge);
  CHECK(node.compensate_with == "undo");
  REQUIRE(node.retry.has_value());
  CHECK(node.retry->initial_interval == absl::Milliseconds(500));
  CHECK(node.retry->backoff_coefficient == 3);
  CHECK(node.retry->maximum_interval == absl::Minutes(1));
  CHECK(node.retry->maximum_attempts == 5);
  CHECK(node.retry->jitter == 0);
  CHECK(node.retry->non_retryable_error_types == std::vector<std::string>{"HTTP_404"});
  CHECK(node.retry->maximum_elapsed == absl::Minutes(10));
  REQUIRE(definition.edges.size() == 1);
  CHECK(definition.edges[0].source == "a");
  CHECK(definition.edges[0].target == "b");
  CHECK(definition.edges[0].condition == "input.ok");
  CHECK(definition.edges[0].label == "true");
  CHECK(definition.variables == Json{{"greeting", "hi"}});
  CHECK(definition.timeout == absl::Seconds(90));
}

TEST_CASE("what is left out or null has its default") {
  const Definition definition = ParseWell(
      {.nodes = R"([{"id": "a", "type": "stop", "config": null, "retry": null, "on_error": ""}])"});
  const NodeDefinition& node = definition.nodes[0];
  CHECK(node.config == Json::object());
  CHECK_FALSE(node.retry.has_value());
  CHECK(node.timeout == absl::ZeroDuration());
  CHECK(node.on_error == OnError::kFail);
  CHECK(definition.edges.empty());
  CHECK(definition.variables == Json::object());
  CHECK(definition.timeout == absl::ZeroDuration());
}

TEST_CASE("a retry policy without attempts leaves them to the node's type") {
  const Definition definition = ParseWell({.nodes = R"([{"retry": {"jitter": 0.5}}])"});
  CHECK(definition.nodes[0].retry->maximum_attempts == 0);
  CHECK(definition.nodes[0].retry->initial_interval == absl::Seconds(1));
}

TEST_CASE("every name of on_error is known") {
  const auto parse = [](const std::string& name) {
    return ParseWell({.nodes = R"([{"on_error": ")" + name + R"("}])"}).nodes[0].on_error;
  };
  CHECK(parse("fail") == OnError::kFail);
  CHECK(parse("continue") == OnError::kContinue);
  CHECK(parse("error_edge") == OnError::kErrorEdge);
  CHECK(parse("pause") == OnError::kPause);
}

TEST_CASE("every member of a wrong type is a problem with its node and field") {
  CHECK(ProblemsOf({
            .nodes = R"([{"id": "a", "name": 1, "type": [], "config": "x", "timeout_seconds": "1",
                          "on_error": "explode", "compensate_with": {}, "position": 3,
                          "retry": {"initial_interval_seconds": true, "backoff_coefficient": "2",
                                    "maximum_attempts": 1.5, "jitter": [], "non_retryable_error_types": [1],
                                    "maximum_interval_seconds": {}, "maximum_elapsed_seconds": "1"}},
                         {"id": 7},
                         "node"])",
            .edges = R"([{"source": 1, "target": {}, "condition": true, "label": 5}, null])",
            .settings = R"({"timeout_seconds": "long"})",
        }) == std::vector<std::string>{"a: nodes[0].name",
                                       "a: nodes[0].type",
                                       "a: nodes[0].config",
                                       "a: nodes[0].retry.initial_interval_seconds",
                                       "a: nodes[0].retry.backoff_coefficient",
                                       "a: nodes[0].retry.maximum_interval_seconds",
                                       "a: nodes[0].retry.maximum_attempts",
                                       "a: nodes[0].retry.jitter",
                                       "a: nodes[0].retry.non_retryable_error_types",
                                       "a: nodes[0].retry.maximum_elapsed_seconds",
                                       "a: nodes[0].timeout_seconds",
                                       "a: nodes[0].on_error",
                                       "a: nodes[0].compensate_with",
                                       "a: nodes[0].position",
                                       ": nodes[1].id",
                                       ": nodes[2]",
                                       ": edges[0].source",
                                       ": edges[0].target",
                                       ": edges[0].condition",
                                       ": edges[0].label",
                                       ": edges[1]",
                                       ": settings.timeout_seconds"});
}

TEST_CASE("a part that is not a list or object, or not JSON, is a problem of its own") {
  CHECK(ProblemsOf({.nodes = "{}", .edges = "3", .variables = "[]", .settings = "null"}) ==
        std::vector<std::string>{": nodes", ": edges", ": variables", ": settings"});
  CHECK(ProblemsOf({.nodes = "[", .edges = "", .variables = "{\"a\":\"\xff\"}", .settings = "x"}) ==
        std::vector<std::string>{": nodes", ": edges", ": variables", ": settings"});
}

TEST_CASE("an unreadable node keeps its place, so that indexes are those of the text") {
  std::vector<Problem> problems;
  const Definition definition = ParseDefinition(
      {.nodes = R"([4, {"id": "b"}])", .edges = R"([[], {"source": "b"}])"}, problems);
  REQUIRE(definition.nodes.size() == 2);
  CHECK(definition.nodes[1].id == "b");
  REQUIRE(definition.edges.size() == 2);
  CHECK(definition.edges[1].source == "b");
}

}  // namespace
}  // namespace penstock::workflow_engine
