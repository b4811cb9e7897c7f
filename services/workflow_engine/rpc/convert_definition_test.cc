#include "services/workflow_engine/rpc/convert_definition.h"

#include <catch2/catch.hpp>
#include <limits>
#include <set>

#include "google/protobuf/util/message_differencer.h"
#include "libs/status/details.h"
#include "services/workflow_engine/ops/draft_check.h"

namespace penstock::workflow_engine {
namespace {

namespace v1 = workflow::v1;

std::set<std::string> Fields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

google::protobuf::Struct Nested(int levels) {
  google::protobuf::Struct value;
  google::protobuf::Struct* inner = &value;
  for (int i = 1; i < levels; ++i) {
    inner = (*inner->mutable_fields())["a"].mutable_struct_value();
  }
  return value;
}

TEST_CASE("every member goes there and back") {
  v1::Definition definition;
  v1::Node& node = *definition.add_nodes();
  node.set_id("a");
  node.set_name("A");
  node.set_type("wait");
  (*node.mutable_config()->mutable_fields())["seconds"].set_number_value(1.5);
  node.mutable_retry()->set_initial_interval_seconds(0.25);
  node.mutable_retry()->set_backoff_coefficient(3);
  node.mutable_retry()->set_maximum_interval_seconds(60);
  node.mutable_retry()->set_maximum_attempts(7);
  node.mutable_retry()->set_jitter(0);
  node.mutable_retry()->add_non_retryable_error_types("TypeError");
  node.mutable_retry()->set_maximum_elapsed_seconds(600);
  node.set_timeout_seconds(2.5);
  node.set_on_error("continue");
  node.set_compensate_with("b");
  (*node.mutable_position()->mutable_fields())["x"].set_number_value(-1);
  v1::Edge& edge = *definition.add_edges();
  edge.set_source("a");
  edge.set_target("b");
  edge.set_condition("input > 1");
  edge.set_label("true");
  (*definition.mutable_variables()->mutable_fields())["v"].set_bool_value(true);
  definition.mutable_settings()->set_timeout_seconds(90);

  const absl::StatusOr<DefinitionText> text = FromProto(definition, "definition");
  REQUIRE(text.status() == absl::OkStatus());
  std::vector<Problem> problems;
  const Definition parsed = ParseDefinition(*text, problems);
  CHECK(problems.empty());
  CHECK(parsed.nodes.at(0).retry->jitter == 0);
  CHECK(parsed.nodes.at(0).retry->maximum_attempts == 7);
  v1::Definition back;
  REQUIRE(ToProto(*text, back) == absl::OkStatus());
  CHECK(google::protobuf::util::MessageDifferencer::Equals(back, definition));
}

TEST_CASE("jitter that is not set is left to its default, which is not zero") {
  v1::Definition definition;
  definition.add_nodes()->mutable_retry()->set_maximum_attempts(2);
  std::vector<Problem> problems;
  CHECK(ParseDefinition(*FromProto(definition, "d"), problems).nodes.at(0).retry->jitter > 0);
}

TEST_CASE("numbers that are none are refused wherever they are, all at once") {
  v1::Definition definition;
  v1::Node& node = *definition.add_nodes();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  (*node.mutable_config()->mutable_fields())["n"].set_number_value(nan);
  (*node.mutable_position()->mutable_fields())["n"].set_number_value(nan);
  node.set_timeout_seconds(-std::numeric_limits<double>::infinity());
  node.mutable_retry()->set_jitter(nan);
  (*definition.mutable_variables()->mutable_fields())["n"].set_number_value(nan);
  definition.mutable_settings()->set_timeout_seconds(nan);
  CHECK(Fields(FromProto(definition, "d").status()) ==
        std::set<std::string>{"d.nodes[0].config", "d.nodes[0].position",
                              "d.nodes[0].timeout_seconds", "d.nodes[0].retry.jitter",
                              "d.variables", "d.settings.timeout_seconds"});
}

TEST_CASE("values nested too deep are refused, and do not exhaust the stack") {
  v1::Definition definition;
  *definition.add_nodes()->mutable_config() = Nested(64);
  CHECK(FromProto(definition, "d").ok());
  *definition.mutable_nodes(0)->mutable_config() = Nested(65);
  CHECK(Fields(FromProto(definition, "d").status()) == std::set<std::string>{"d.nodes[0].config"});
  *definition.mutable_nodes(0)->mutable_config() = Nested(5000);
  CHECK(Fields(FromProto(definition, "d").status()) == std::set<std::string>{"d.nodes[0].config"});
}

TEST_CASE("text that is not UTF-8 never becomes a definition") {
  v1::Definition in_config;
  (*in_config.add_nodes()->mutable_config()->mutable_fields())["code"].set_string_value("\xc3(");
  CHECK(Fields(FromProto(in_config, "d").status()) == std::set<std::string>{"d.nodes[0].config"});
  v1::Definition in_name;
  in_name.add_nodes()->set_name("\xff");
  const absl::StatusOr<DefinitionText> text = FromProto(in_name, "d");
  REQUIRE(text.ok());
  CHECK(Fields(CheckDefinitionText(*text, "d")) == std::set<std::string>{"d.nodes"});
}

TEST_CASE("stored text that is no definition is data loss") {
  v1::Definition definition;
  CHECK(absl::IsDataLoss(ToProto({.nodes = "["}, definition)));
  CHECK(absl::IsDataLoss(ToProto({.nodes = R"([{"id": {}}])"}, definition)));
}

}  // namespace
}  // namespace penstock::workflow_engine
