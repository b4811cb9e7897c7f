#include "libs/json/proto_json.h"

#include <limits>

#include "catch2/catch.hpp"

namespace penstock::json {
namespace {

using google::protobuf::Value;

std::string RoundTrip(std::string_view text) {
  Value value;
  REQUIRE(ToProto(text, value).ok());
  absl::StatusOr<std::string> back = FromProto(value);
  REQUIRE(back.ok());
  return *back;
}

TEST_CASE("JSON text survives the way through a Value") {
  CHECK(RoundTrip(R"({"b":[1,2.5,-3e-7,true,null,"\u00e9\n\""],"a":{}})") == "{\"a\":{},\"b\":[1,2.5,-3e-07,true,null,\"é\\n\\\"\"]}");
  CHECK(RoundTrip("[]") == "[]");
  CHECK(RoundTrip("9007199254740991") == "9007199254740991");
}

TEST_CASE("a Value without a kind is null") { CHECK(*FromProto(Value()) == "null"); }

TEST_CASE("what JSON can't say is refused") {
  Value value;
  value.set_number_value(std::numeric_limits<double>::quiet_NaN());
  CHECK(FromProto(value).status().code() == absl::StatusCode::kInvalidArgument);
  value.set_number_value(std::numeric_limits<double>::infinity());
  CHECK(FromProto(value).status().code() == absl::StatusCode::kInvalidArgument);
  value.set_string_value("\xff");
  CHECK(FromProto(value).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("nesting is bounded both ways") {
  Value value;
  Value* inner = &value;
  for (int i = 0; i < 65; ++i) inner = inner->mutable_list_value()->add_values();
  CHECK(FromProto(value).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a Struct must come from an object") {
  google::protobuf::Struct object;
  CHECK(ToProto("[1]", object).code() == absl::StatusCode::kInvalidArgument);
  CHECK(ToProto(R"({"a":1)", object).code() == absl::StatusCode::kInvalidArgument);
  REQUIRE(ToProto(R"({"a":1})", object).ok());
  CHECK(*FromProto(object) == R"({"a":1})");
}

}  // namespace
}  // namespace penstock::json
