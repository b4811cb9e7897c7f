#include "services/connector/openapi/api_spec.h"

#include "services/connector/openapi/testing_spec.h"

namespace penstock::connector::openapi {
namespace {

using Json = nlohmann::json;

Lines Problems(const char* spec) { return LinesOf(ApiSpec::Parse(Json::parse(spec)).status()); }

constexpr const char* kIssues = R"json({
  "openapi": "3.0.3",
  "servers": [{"url": "https://{region}.example.com/v1",
  "variables": {"region": {"default": "eu"}}}],
  "paths": {
    "/repos/{owner}/issues": {
      "parameters": [{"name": "owner", "in": "path", "required": true,
      "schema": {"type": "string"}}],
      "post": {
        "operationId": "createIssue", "summary": "Create an issue", "deprecated": true,
        "parameters": [{"$ref": "#/components/parameters/dryRun"}],
        "requestBody": {"required": true, "content": {"application/xml": {}, "application/json":
          {"schema": {"$ref": "#/components/schemas/Issue"}}}},
        "responses": {"201": {"content": {"application/json":
          {"schema": {"$ref": "#/components/schemas/Issue"}}}}, "404": {"description": "none"}}},
      "get": {"responses": {}}}},
  "components": {
    "parameters": {"dryRun": {"name": "dry_run", "in": "query", "schema": {"type": "boolean"}}},
    "schemas": {"Issue": {"type": "object", "required": ["id", "title"], "properties": {
      "id": {"type": "integer", "readOnly": true}, "title": {"type": "string"},
      "parent": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Issue"}]}}}}}})json";

TEST_CASE("operations are listed with what they take") {
  const ApiSpec spec = Parsed(Json::parse(kIssues));
  CHECK(spec.server_url() == "https://eu.example.com/v1");
  CHECK(spec.Operations().size() == 2);
  CHECK(spec.Find("none") == nullptr);
  const Operation* create = spec.Find("createIssue");
  REQUIRE(create != nullptr);
  CHECK(create->method == "POST");
  CHECK(create->path == "/repos/{owner}/issues");
  CHECK(create->summary == "Create an issue");
  CHECK(create->is_deprecated);
  REQUIRE(create->parameters.size() == 2);
  CHECK(create->parameters[0].name == "dry_run");
  CHECK(create->parameters[1].name == "owner");
  CHECK(create->parameters[1].is_required);
  REQUIRE(create->body.has_value());
  CHECK(create->body->content_type == "application/json");
  CHECK(spec.notes().empty());
}

TEST_CASE("an operation without id is named after method and path") {
  const ApiSpec spec = Parsed(Json::parse(kIssues));
  REQUIRE(spec.Find("get_repos_owner_issues") != nullptr);
  CHECK_FALSE(spec.Find("get_repos_owner_issues")->has_own_id);
  const ApiSpec alike = Parsed(Json::parse(
      R"({"paths":{"/a-b":{"get":{}},"/a/b":{"get":{}},"/c":{"get":{"operationId":"get_a_b"}}}})"));
  CHECK(alike.Find("get_a_b")->path == "/c");
  CHECK(alike.Find("get_a_b_2")->path == "/a-b");
  CHECK(alike.Find("get_a_b_3")->path == "/a/b");
}

TEST_CASE("payload and answer are described by schemas that stand by themselves") {
  const ApiSpec spec = Parsed(Json::parse(kIssues));
  const Operation& create = *spec.Find("createIssue");
  const auto payload = json_schema::Schema::Compile(spec.PayloadSchema(create));
  INFO(payload.status());
  REQUIRE(payload.ok());
  CHECK(payload->Validate(Json::parse(R"({"path":{"owner":"a"},"body":{"title":"b"}})")).empty());
  CHECK(payload->Validate(Json::parse(R"({"path":{"owner":"a"},"body":{}})")).size() == 1);
  CHECK(payload->Validate(Json::parse(R"({"body":{"title":"b"}})")).size() == 1);
  const auto answer = json_schema::Schema::Compile(spec.AnswerSchema(create));
  REQUIRE(answer.ok());
  CHECK(answer->Validate(Json::parse(R"({"title":"b"})")).size() == 1);  // readOnly: only answered
  CHECK(spec.AnswerSchema(*spec.Find("get_repos_owner_issues")).is_null());
}

TEST_CASE("a part of a document will do") {
  CHECK(Parsed(Json::object()).Operations().empty());
  const ApiSpec spec = Parsed(Json::parse(R"({"paths":{"/users/{id}":{"get":{}}}})"));
  REQUIRE(spec.Find("get_users_id")->parameters.size() == 1);
  CHECK(spec.Find("get_users_id")->parameters[0].name == "id");
}

TEST_CASE("every problem is reported with its place") {
  CHECK(
      Problems(R"json({"openapi":"3.0.0","servers":[{"url":"https://{x}.example.com"}],"paths":{
    "/a":{"get":{"operationId":"one","parameters":[{"in":"query"},{"name":"b","in":"body"},
          {"name":"c","in":"path"},{"$ref":"#/none"},{"$ref":"http://example.com/p.json"}]},
          "put":{"operationId":"one"},"post":5},
    "/b":{"get":{"parameters":[{"name":"p","in":"query","schema":{"type":"text"}},
          {"name":"q","in":"query","schema":{"$ref":"#/components/schemas/P"}},
          {"name":"q","in":"query"}]}}},
    "components":{"schemas":{"P":{"pattern":"a(?=b)"}}}})json") ==
      Lines{
          "/servers/0/url: has a variable without default",
          "/paths/~1a/get/parameters/0/name: must be a name of at most 200 bytes",
          "/paths/~1a/get/parameters/1/in: must be path, query, header or cookie",
          "/paths/~1a/get/parameters/3/$ref: leads to nothing in this document",
          "/paths/~1a/get/parameters/4/$ref: must be \"#/...\": a place in this document",
          "/paths/~1a/get/parameters: a path parameter is not part of the path",
          "/paths/~1a/put/operationId: must be one of a kind, printable, and at most 200 bytes "
          "long",
          "/paths/~1a/post: must be an object",
          "/paths/~1b/get/parameters/2: another parameter has the same name and place",
          "/paths/~1b/get/parameters/0/schema/type: must be null, boolean, object, array, number, "
          "string or integer",
          "/components/schemas/P/pattern: the pattern \"a(?=b)\" can't be used: \"(?=\" "
          "(lookaround) is not supported"});
}

TEST_CASE("other versions are refused") {
  CHECK(Problems(R"({"swagger":"2.0"})") ==
        Lines{"/swagger: Swagger 2.0 is not read; convert the document to OpenAPI 3"});
  CHECK(Problems(R"({"openapi":"4.0.0"})") == Lines{"/openapi: must be a version 3.0 or 3.1"});
  CHECK(Problems("[]").size() == 1);
}

TEST_CASE("paths that lead elsewhere are refused") {
  for (const char* path :
       {"https://evil.example.com/a", "//evil.example.com/a", "a", "/../a", "/a/./b", "/a/%2e%2e/b",
        "/a?x=1", "/a#b", "/a b", "/{a", "/a}", "/{}", "/{a{b}}", "/a\\b", "/a/..", ""}) {
    INFO(path);
    CHECK(
        LinesOf(ApiSpec::Parse({{"paths", {{path, {{"get", Json::object()}}}}}}).status()).size() ==
        1);
  }
}

TEST_CASE("headers that authenticate, frame or route are refused as parameters") {
  for (const char* name :
       {"Authorization", "host", "COOKIE", "Content-Length", "Transfer-Encoding",
        "Proxy-Authorization", "X-Forwarded-For", "Connection", "a b", "a\r\nb"}) {
    INFO(name);
    const Json parameter = {{"name", name}, {"in", "header"}};
    CHECK(LinesOf(ApiSpec::Parse({{"paths", {{"/a", {{"get", {{"parameters", {parameter}}}}}}}}})
                      .status()) ==
          Lines{"/paths/~1a/get/parameters/0/name: is no header that a caller may fill in"});
  }
  // As OpenAPI says, these are passed over.
  const Json accept = {{"name", "Accept"}, {"in", "header"}, {"required", true}};
  CHECK(Parsed({{"paths", {{"/a", {{"get", {{"parameters", {accept}}}}}}}}})
            .Find("get_a")
            ->parameters.empty());
}

TEST_CASE("what can't be called is left out with a note") {
  const ApiSpec spec = Parsed(Json::parse(R"json({"servers":[{"url":"/v1"}],"paths":{
    "/own":{"get":{"servers":[{"url":"https://files.example.com"}]}},
    "/same":{"get":{"servers":[{"url":"/v1"}]}},
    "/cookie":{"get":{"parameters":[{"name":"c","in":"cookie","required":true}]}},
    "/maybe":{"get":{"parameters":[{"name":"c","in":"cookie"}]}},
    "/upload":{"post":{"requestBody":{"required":true,"content":{"multipart/form-data":{}}}}},
    "/matrix/{m}":{"get":{"parameters":[{"name":"m","in":"path","style":"matrix"}]}}}})json"));
  CHECK(spec.Operations().size() == 2);
  CHECK(spec.Find("get_same") != nullptr);
  CHECK(spec.Find("get_maybe") != nullptr);
  CHECK(spec.notes().size() == 5);
}

TEST_CASE("what is wrong with answers only is a note") {
  const ApiSpec spec = Parsed(Json::parse(R"json({"paths":{"/a":{"get":{"responses":{
    "200":{"content":{"application/json":{"schema":{"type":"object","properties":{
       "p":{"pattern":"a(?=b)","type":"string"},"q":{"$ref":"#/none"}}}}}},
    "500":{"$ref":"http://example.com"}}}}}})json"));
  CHECK(spec.notes().size() == 3);
  const auto& rule = spec.Find("get_a")->responses.at(0);
  REQUIRE(rule.schema.compiled.has_value());
  CHECK(rule.schema.compiled->Validate(Json::parse(R"({"p":"x","q":1})")).empty());
  CHECK(rule.schema.compiled->Validate(Json::parse(R"({"p":1})")).size() == 1);
}

Json Reference(const std::string& pointer) { return {{"$ref", "#" + pointer}}; }

TEST_CASE("references in circles end") {
  CHECK(Problems(R"json({"paths":{"/a":{"$ref":"#/paths/~1b"},"/b":{"$ref":"#/paths/~1a"}}})json")
            .size() == 2);
  CHECK(Problems(R"json({"paths":{"/a":{"get":{
    "parameters":[{"$ref":"#/paths/~1a/get/parameters/0"}]}}}})json")
            .size() == 1);
  CHECK(Problems(R"json({"paths":{"/a":{"get":{"parameters":[{"name":"p","in":"query","schema":
    {"$ref":"#/components/schemas/A"}}]}}},"components":{"schemas":{
    "A":{"allOf":[{"$ref":"#/components/schemas/B"}]},
    "B":{"$ref":"#/components/schemas/A"}}}})json")
            .size() == 1);
}

TEST_CASE("a spec has bounds") {
  Json paths = Json::object();
  for (int i = 0; i < 5001; ++i) paths["/" + std::to_string(i)] = {{"get", Json::object()}};
  CHECK(LinesOf(ApiSpec::Parse({{"paths", paths}}).status())
            .count("/paths: may have 5000 operations"));
  CHECK_FALSE(ApiSpec::Parse({{"info", std::string(5 << 20, 'x')}}).ok());
  Json deep = 1;
  for (int i = 0; i < 1000; ++i) deep = Json::array({std::move(deep)});
  CHECK_FALSE(ApiSpec::Parse({{"x-deep", deep}}).ok());
}

TEST_CASE("a spec whose parts refer into each other is not multiplied without end") {
  // Every step into a nest is a schema of its own, with all that is below it; each nest refers to
  // every step of the next.
  constexpr int kNests = 500, kSteps = 20;
  Json schemas = Json::object();
  for (int i = 0; i < kNests; ++i) {
    Json nest = {{"type", "object"}}, references = Json::array();
    std::string pointer = "/components/schemas/s" + std::to_string((i + 1) % kNests);
    for (int step = 0; step < kSteps; ++step) {
      nest = {{"items", nest}};
      pointer += "/items";
      references.push_back(Reference(pointer));
    }
    nest["allOf"] = references;
    schemas["s" + std::to_string(i)] = nest;
  }
  const Json parameter = {
      {"name", "p"}, {"in", "query"}, {"schema", Reference("/components/schemas/s0/items")}};
  schemas["s0"]["items"]["allOf"] = {Reference("/components/schemas/s1")};
  for (int i = 1; i < kNests; ++i) {
    schemas["s" + std::to_string(i)]["allOf"].push_back(
        Reference("/components/schemas/s" + std::to_string((i + 1) % kNests)));
  }
  const absl::StatusOr<ApiSpec> parsed =
      ApiSpec::Parse({{"paths", {{"/a", {{"get", {{"parameters", {parameter}}}}}}}},
                      {"components", {{"schemas", schemas}}}});
  CHECK(LinesOf(parsed.status()) == Lines{": has too many schemas"});
}

}  // namespace
}  // namespace penstock::connector::openapi
