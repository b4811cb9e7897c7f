#include "services/workflow_engine/ops/draft_check.h"

#include <catch2/catch.hpp>
#include <set>

namespace penstock::workflow_engine {
namespace {

WorkflowDraft Draft() {
  WorkflowDraft draft;
  draft.name = "n";
  draft.service_display_name = "n";
  return draft;
}

std::set<std::string> Fields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

std::set<std::string> FieldsOf(const WorkflowDraft& draft) {
  return Fields(CheckDraft(draft, "w"));
}

using Names = std::set<std::string>;

TEST_CASE("the smallest draft is fine, and so is the largest") {
  CHECK(CheckDraft(Draft(), "w").ok());
  WorkflowDraft draft = Draft();
  draft.name = std::string(kMaxNameLength, 'n');
  draft.service_display_name = std::string(kMaxNameLength, 'n');
  draft.description = std::string(kMaxDescriptionLength, 'd');
  for (size_t i = 0; i < kMaxTags; ++i) {
    draft.tags.push_back(std::to_string(i) + std::string(kMaxTagLength - 2, 't'));
  }
  CHECK(CheckDraft(draft, "w").ok());
}

TEST_CASE("lengths are counted in characters") {
  WorkflowDraft draft = Draft();
  draft.name.clear();
  for (size_t i = 0; i < kMaxNameLength; ++i) draft.name += "漢";
  CHECK(CheckDraft(draft, "w").ok());
  draft.name += "漢";
  CHECK(FieldsOf(draft) == Names{"w.name"});
}

TEST_CASE("text that PostgreSQL can't keep is refused") {
  WorkflowDraft draft = Draft();
  draft.name = "\xff";
  draft.description = std::string("a\0", 2);
  draft.tags = {"\xc3"};
  CHECK(FieldsOf(draft) == Names{"w.name", "w.description", "w.tags[0]"});
}

TEST_CASE("U+0000 in JSON is found, and a backslash before u0000 is not taken for it") {
  WorkflowDraft draft = Draft();
  draft.definition.variables = R"({"a": "\u0000"})";
  CHECK(FieldsOf(draft) == Names{"w.definition.variables"});
  draft.definition.variables = R"({"a": "\\u0000"})";
  CHECK(CheckDraft(draft, "w").ok());
  draft.definition.variables = R"({"a": "\\\u0000"})";
  CHECK(FieldsOf(draft) == Names{"w.definition.variables"});
}

TEST_CASE("more tags than allowed are one violation, not one for each") {
  WorkflowDraft draft = Draft();
  draft.tags.assign(kMaxTags + 1, "");
  CHECK(FieldsOf(draft) == Names{"w.tags"});
}

TEST_CASE("a definition that is malformed, of wrong types, or too large is refused") {
  WorkflowDraft draft = Draft();
  draft.definition.nodes = "[";
  CHECK(FieldsOf(draft) == Names{"w.definition.nodes"});
  draft.definition.nodes = R"([{"id": 1, "config": []}])";
  CHECK(FieldsOf(draft) == Names{"w.definition.nodes[0].id", "w.definition.nodes[0].config"});
  draft.definition.nodes = "[]";
  draft.definition.edges = "{}";
  CHECK(FieldsOf(draft) == Names{"w.definition.edges"});
  draft.definition.edges = "[" + std::string(kMaxDefinitionBytes, ' ') + "]";
  CHECK(FieldsOf(draft) == Names{"w.definition"});
}

TEST_CASE("a definition nested without end is refused before anything walks it") {
  WorkflowDraft draft = Draft();
  draft.definition.variables =
      R"({"a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  CHECK(FieldsOf(draft) == Names{"w.definition.variables"});
}

TEST_CASE("a request id may be left out and has a length") {
  CHECK(CheckRequestId("").ok());
  CHECK(CheckRequestId(std::string(kMaxRequestIdLength, 'r')).ok());
  CHECK(Fields(CheckRequestId(std::string(kMaxRequestIdLength + 1, 'r'))) == Names{"request_id"});
  CHECK(Fields(CheckRequestId(std::string("\0", 1))) == Names{"request_id"});
}

}  // namespace
}  // namespace penstock::workflow_engine
