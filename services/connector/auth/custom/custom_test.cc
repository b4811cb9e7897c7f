#include "services/connector/auth/custom/custom.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

std::string Wrong(const std::string& config) { return WrongIn(*MakeCustomStrategy(), config); }

absl::StatusOr<egress::HttpRequest> Sent(const Try& attempt) {
  return Authenticated(*MakeCustomStrategy(), attempt);
}

TEST_CASE("headers, query and path have what the templates say") {
  Try attempt{
      .config =
          R"({"headers":{"DD-API-KEY":"{{secret.a}}",
              "X-Both":"{{secret.a}}-{{config.n}}-{{secret.b}}"},
                            "query":{"k":"{{secret.b}}"},
                            "path_prefix":"/bot{{secret.t}}/{{config.flag}}"})",
      .secrets = {{"a", "A{{secret.b}}"}, {"b", "B&?"}, {"t", "123:x/..?#\xc3\xa9"}},
      .data = R"({"n":7,"flag":true})"};
  const auto request = Sent(attempt).value();
  CHECK(HeaderOf(request, "dd-api-key") == "A{{secret.b}}");
  CHECK(HeaderOf(request, "x-both") == "A{{secret.b}}-7-B&?");
  CHECK(request.url ==
        "https://api.example.com/bot123:x%2F..%3F%23%C3%A9/true/v1/items?page=2&k=B%26%3F");
}

TEST_CASE("a body gets members and keeps every other byte") {
  Try attempt{.config = R"({"body":{"auth":{"key":"{{secret.k}}","list":["{{config.c}}",1]}}})",
              .secrets = {{"k", "a\"b"}},
              .data = R"({"c":"d"})"};
  attempt.request.method = "POST";
  attempt.request.body = R"( {"n": 12345678901234567890123, "x":1.10})";
  CHECK(Sent(attempt).value().body ==
        R"( {"auth":{"key":"a\"b","list":["d",1]},"n": 12345678901234567890123, "x":1.10})");
  CHECK(HeaderOf(Sent(attempt).value(), "content-type") == "application/json");
  attempt.request.body = "";
  CHECK(Sent(attempt).value().body == R"({"auth":{"key":"a\"b","list":["d",1]}})");
}

TEST_CASE("a body that is no JSON object is not touched") {
  Try attempt{.config = R"({"body":{"key":"{{secret.k}}"}})", .secrets = {{"k", "v"}}};
  attempt.request.method = "POST";
  for (const char* body : {"[1]", "key=1", "{", "1", R"({"key":1})"}) {
    INFO(body);
    attempt.request.body = body;
    CHECK(Sent(attempt).status().code() == absl::StatusCode::kInvalidArgument);
  }
  attempt.request.body = "{}";
  attempt.request.headers = {{"content-type", "text/plain"}};
  CHECK(Sent(attempt).status().code() == absl::StatusCode::kInvalidArgument);
  attempt.request = {.method = "GET", .url = "https://a.example.com/"};
  CHECK(Sent(attempt).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("what is used is what there must be") {
  const auto strategy = MakeCustomStrategy();
  const Json config = Json::parse(
      R"({"headers":{"A":"{{secret.b}}{{config.x}}"},
          "body":{"c":[{"d":"{{secret.a}}{{secret.b}}"}]}})");
  std::vector<std::string> names;
  for (const SecretField& field : strategy->secret_fields(config)) names.push_back(field.name);
  CHECK(names == std::vector<std::string>{"a", "b"});
  CHECK(strategy->data_fields(config) == std::vector<std::string>{"x"});
  const absl::Status status = Sent({.config = R"({"headers":{"A":"{{config.x}}"}})"}).status();
  CHECK(ReasonOf(status) == "CONFIG_DATA_MISSING");
  CHECK(MetadataOf(status, "field") == "x");
}

TEST_CASE("values of config_data can't split a header either") {
  for (const char* value : {R"("a\r\nb")", R"("")", "null", "{}", R"("\u00e9")"}) {
    const absl::Status status = Sent({.config = R"({"headers":{"A":"{{config.x}}"}})",
                                      .data = std::string(R"({"x":)") + value + "}"})
                                    .status();
    CHECK(ReasonOf(status) == "CONFIG_DATA_INVALID");
  }
}

TEST_CASE("a secret can't leave its place in the path") {
  const auto status = [](const char* prefix, const char* secret) {
    return Sent({.config = Json{{"path_prefix", prefix}}.dump(), .secrets = {{"t", secret}}})
        .status();
  };
  CHECK(ReasonOf(status("/{{secret.t}}", "..")) == "CREDENTIAL_INVALID");
  CHECK(ReasonOf(status("/{{secret.t}}/a", ".")) == "CREDENTIAL_INVALID");
  CHECK(MetadataOf(status("/.{{secret.t}}", "."), "field") == "t");
  CHECK(status("/{{secret.t}}", "...").ok());
}

TEST_CASE("only placeholders of secrets and config_data are known") {
  CHECK(Wrong(R"({"headers":{"A":"{{api_key}}"}})") ==
        "headers.A: may have {{secret.NAME}} and {{config.NAME}} only\n");
  CHECK(Wrong(R"({"query":{"a":"{{secret.}}"}})").rfind("query.a: ", 0) == 0);
  CHECK(Wrong(R"({"query":{"a":"{{secret.A}}"}})").rfind("query.a: ", 0) == 0);
  CHECK(Wrong(R"({"body":{"a":["{{ secret.a }}"]}})").rfind("body.a.0: ", 0) == 0);
  CHECK(Wrong(R"({"headers":{"Host":"x"}})").rfind("headers.Host: ", 0) == 0);
  CHECK(Wrong(R"({"headers":{"Cookie":"x"}})").rfind("headers.Cookie: ", 0) == 0);
  CHECK(Wrong(R"({"headers":{"A":"a\nb"}})").rfind("headers.A: ", 0) == 0);
  for (const char* prefix : {"x", "/x/", "//evil.com", "/a/../b", "/a?b", "/a#b", "/a b", "/%2e"}) {
    INFO(prefix);
    CHECK(Wrong(Json{{"path_prefix", prefix}}.dump()).rfind("path_prefix: ", 0) == 0);
  }
  CHECK(Wrong(R"({"path_prefix":"/bot{{secret.t}}"})") == "");
}

}  // namespace
}  // namespace penstock::connector
