#include "libs/json_schema/pointer.h"

#include "catch2/catch.hpp"

namespace penstock::json_schema {
namespace {

TEST_CASE("a pointer finds what it names, and nothing else") {
  const Json document = Json::parse(R"({"a/b":{"~":[10,{"":11}]},"01":12})");
  CHECK(*Find(document, "") == document);
  CHECK(*Find(document, "/a~1b/~0/0") == 10);
  CHECK(*Find(document, "/a~1b/~0/1/") == 11);
  CHECK(*Find(document, "/01") == 12);
  for (const char* nothing : {"a", "/a", "/a~1b/~0/2", "/a~1b/~0/00", "/a~1b/~0/-", "/a~1b/~2",
                              "/a~1b/~0/-1", "/01/0", "/a~1b/~"}) {
    INFO(nothing);
    CHECK(Find(document, nothing) == nullptr);
  }
}

TEST_CASE("a step that is written is read back") {
  const Json document = {{"~1/~0", 1}};
  CHECK(*Find(document, "/" + EscapeStep("~1/~0")) == 1);
}

TEST_CASE("a field is named as in a request") {
  CHECK(FieldPath("/cases/0/label") == "cases[0].label");
  CHECK(FieldPath("/a~1b/c") == "a/b.c");
  CHECK(FieldPath("/0/1") == "[0][1]");
  CHECK(FieldPath("") == "");
}

}  // namespace
}  // namespace penstock::json_schema
