#include "services/workflow_engine/ingress/delivery.h"

#include "catch2/catch.hpp"

namespace penstock::workflow_engine {
namespace {

TEST_CASE("a JSON body is kept as it is, trimmed") {
  CHECK(*PayloadOf(" \n{\"a\": 1.0 }\t", "application/json; charset=utf-8") == "{\"a\": 1.0 }");
  CHECK(*PayloadOf("[1]", "") == "[1]");
  CHECK(*PayloadOf("{}", "application/cloudevents+json") == "{}");
}

TEST_CASE("an empty body is null") {
  CHECK(*PayloadOf("", "application/json") == "null");
  CHECK(*PayloadOf("  ", "text/plain") == "null");
}

TEST_CASE("a form becomes an object of strings, the last of equal names winning") {
  CHECK(*PayloadOf("a=1&b=x+y%21&a=2&&c", "application/x-www-form-urlencoded") == R"({"a":"2","b":"x y!","c":""})");
  CHECK(*PayloadOf("a=%zz%4", "application/x-www-form-urlencoded") == R"({"a":"%zz%4"})");
}

TEST_CASE("other text becomes a string") { CHECK(*PayloadOf("he said \"hi\"", "text/plain") == R"("he said \"hi\"")"); }

TEST_CASE("what is not JSON, not UTF-8 or nested too deep is refused") {
  CHECK(PayloadOf("{\"a\":", "application/json").status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(PayloadOf("{} {}", "application/json").status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(PayloadOf("\"\xff\"", "application/json").status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(PayloadOf("\xff", "text/plain").status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(PayloadOf("a=%ff", "application/x-www-form-urlencoded").status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(PayloadOf(std::string(64, '[') + "1" + std::string(64, ']'), "").ok());
  CHECK(PayloadOf(std::string(65, '[') + "1" + std::string(65, ']'), "").status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a trigger puts out type, data and time, and headers and query when there are any") {
  absl::Time at = absl::FromUnixMicros(1'700'000'000'123'456);
  CHECK(*TriggerOutput("webhook.test", R"({"m":1})", at, nullptr, nullptr) ==
        R"({"type":"webhook.test","data":{"m":1},"receivedAt":"2023-11-14T22:13:20.123456Z"})");
  CHECK(*TriggerOutput("a.b", "null", at, MakeText(R"({"h":"1"})"), MakeText(R"({"q":"2"})")) ==
        R"({"type":"a.b","data":null,"receivedAt":"2023-11-14T22:13:20.123456Z","headers":{"h":"1"},"query":{"q":"2"}})");
}

}  // namespace
}  // namespace penstock::workflow_engine
