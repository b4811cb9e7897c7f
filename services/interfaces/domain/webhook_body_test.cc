#include "services/interfaces/domain/webhook_body.h"

#include <catch2/catch.hpp>
#include <string>

namespace penstock::interfaces {
namespace {

std::string Complaint(std::string_view body, BodyKind kind = BodyKind::kJson) {
  const absl::Status status = CheckBody(kind, body);
  return status.ok() ? "" : std::string(status.message());
}

bool Says(const std::string& complaint, std::string_view words) {
  INFO(complaint);
  return complaint.find(words) != std::string::npos;
}

TEST_CASE("content types select how a body is read") {
  CHECK(BodyKindOf("") == BodyKind::kJson);
  CHECK(BodyKindOf("application/json") == BodyKind::kJson);
  CHECK(BodyKindOf("Application/JSON ; charset=utf-8") == BodyKind::kJson);
  CHECK(BodyKindOf("application/cloudevents+json") == BodyKind::kJson);
  CHECK(BodyKindOf("application/x-www-form-urlencoded") == BodyKind::kForm);
  CHECK(BodyKindOf("text/plain;charset=UTF-8") == BodyKind::kText);
  for (const char* other : {"multipart/form-data; boundary=x", "application/xml", "text/html",
                            "application/octet-stream", "json", "+json"}) {
    CHECK(BodyKindOf(other) == BodyKind::kUnsupported);
  }
}

TEST_CASE("empty bodies and JSON values of every kind pass") {
  for (const char* body : {"", "  \r\n", "null", "1", "\"x\"", "[]", "{}",
                           R"({"a":[1,2,{"b":"\u00e4"}]})", " {\"a\":1}\n"}) {
    CHECK(Complaint(body) == "");
  }
}

TEST_CASE("malformed JSON is refused with the byte where it goes wrong") {
  CHECK(Says(Complaint(R"({"a":})"), "at byte 6"));
  CHECK(Says(Complaint(R"({"a":1} x)"), "at byte 9"));
  CHECK(Says(Complaint("{"), "at byte"));
  CHECK(Says(Complaint("{'a':1}"), "at byte 2"));
  CHECK(Says(Complaint("NaN"), "at byte"));
}

TEST_CASE("invalid UTF-8 is refused in every kind of body") {
  CHECK(!Complaint("\"\xff\"").empty());
  CHECK(!Complaint("\"\xed\xa0\x80\"").empty());
  CHECK(!Complaint("\xff", BodyKind::kText).empty());
  CHECK(!Complaint("a=%ff", BodyKind::kForm).empty());
  CHECK(!Complaint("a=%00", BodyKind::kForm).empty());
}

TEST_CASE("nesting up to 64 passes and 65 does not") {
  const auto nested = [](int depth) {
    return std::string(depth, '[') + '1' + std::string(depth, ']');
  };
  CHECK(Complaint(nested(64)) == "");
  CHECK(Says(Complaint(nested(65)), "64"));
  CHECK(Says(Complaint(nested(100'000)), "64"));
}

}  // namespace
}  // namespace penstock::interfaces
