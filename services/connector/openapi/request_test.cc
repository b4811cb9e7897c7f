#include "services/connector/openapi/request.h"

#include "fmt/format.h"
#include "services/connector/openapi/testing_spec.h"

namespace penstock::connector::openapi {
namespace {

using Json = nlohmann::json;

// A spec of one operation, "op".
ApiSpec SpecOf(const char* path, const char* method, const char* operation,
               const char* version = "3.0.0") {
  Json op = Json::parse(operation);
  op["operationId"] = "op";
  return Parsed({{"openapi", version}, {"paths", {{path, {{method, op}}}}}});
}

absl::StatusOr<StructuredRequest> Build(const ApiSpec& spec, const char* payload) {
  return BuildRequest(*spec.Find("op"), Json::parse(payload));
}

StructuredRequest Built(const ApiSpec& spec, const char* payload) {
  absl::StatusOr<StructuredRequest> request = Build(spec, payload);
  INFO(request.status());
  REQUIRE(request.ok());
  return *std::move(request);
}

ApiSpec Issues() {
  return SpecOf("/repos/{owner}/issues", "post", R"json({
    "parameters": [{"name":"owner","in":"path","schema":{"type":"string"}},
                   {"name":"labels","in":"query","schema":{"type":"array",
                   "items":{"type":"string"}}},
                   {"name":"X-Trace","in":"header","schema":{"type":"string","maxLength":9}}],
    "requestBody": {"required":true,"content":{"application/json; charset=utf-8":{"schema":{
      "type":"object","required":["title"],"additionalProperties":false,
      "properties":{"title":{"type":"string"},"lines":{"type":"array",
      "items":{"type":"integer"}}}}}}}})json");
}

TEST_CASE("a grouped payload becomes a request") {
  const StructuredRequest request = Built(Issues(), R"json({"path":{"owner":"a b"},
    "query":{"labels":["x","y&z"]},"header":{"x-trace":"t1"},"body":{"title":"T",
    "lines":[1]}})json");
  CHECK(request.method == "POST");
  CHECK(request.resource_path == "/repos/a%20b/issues");
  CHECK(request.query == decltype(request.query){{"labels", "x"}, {"labels", "y&z"}});
  CHECK(request.headers == decltype(request.headers){{"X-Trace", "t1"}});
  CHECK(request.body == R"json({"lines":[1],"title":"T"})json");
  CHECK(request.content_type == "application/json");
}

TEST_CASE("a flat payload is parameters by name, and the rest is the body") {
  const StructuredRequest request =
      Built(Issues(), R"json({"owner":"me","labels":["x"],"title":"T"})json");
  CHECK(request.resource_path == "/repos/me/issues");
  CHECK(request.query.size() == 1);
  CHECK(request.body == R"json({"title":"T"})json");
}

TEST_CASE("every violation is reported with its place, none with its value") {
  CHECK(LinesOf(Build(Issues(), R"json({"path":{"owner":5},"query":{"labels":["x",1],"page":1},
    "header":{"X-Trace":"hunter2hunter2"},"body":{"lines":[1,"2"],"extra":true}})json")
                    .status()) ==
        Lines{"payload.path.owner: must be string", "payload.query.labels[1]: must be string",
              "payload.query.page: the operation has no such parameter",
              "payload.header.X-Trace: must have at most 9 characters",
              "payload.body.title: is required", "payload.body.lines[1]: must be integer",
              "payload.body.extra: unknown field"});
  CHECK(LinesOf(Build(Issues(), "{}").status()) ==
        Lines{"payload.owner: is required", "payload.title: is required"});
  CHECK(LinesOf(Build(Issues(), R"json({"path":{"owner":"a"}})json").status()) ==
        Lines{"payload.body: is required"});
  CHECK(LinesOf(Build(Issues(), "[1]").status()) == Lines{"payload: must be an object"});
  CHECK(LinesOf(Build(Issues(), R"json({"path":5,"body":{"title":""}})json").status())
            .count("payload.path: must be an object"));
}

TEST_CASE("a path parameter stays one segment") {
  const ApiSpec spec = SpecOf("/files/{name}/{part}", "get", "{}");
  const auto path = [&](const char* name) {
    return Built(spec, fmt::format(R"json({{"name":"{}","part":"p"}})json", name).c_str())
        .resource_path;
  };
  CHECK(path("../../admin") == "/files/..%2F..%2Fadmin/p");
  CHECK(path("a/b") == "/files/a%2Fb/p");
  CHECK(path("a?b#c") == "/files/a%3Fb%23c/p");
  CHECK(path("%2e%2e") == "/files/%252e%252e/p");
  CHECK(path("\\\\..\\\\") == "/files/%5C..%5C/p");
  CHECK(path("http://evil.example.com") == "/files/http%3A%2F%2Fevil.example.com/p");
  CHECK(path("\\u00e9\\u0000") == "/files/%C3%A9%00/p");
  CHECK(path("...") == "/files/.../p");
  for (const char* name : {"\"..\"", "\".\"", "\"\"", "null", "[]", "{}", "[[]]"}) {
    INFO(name);
    CHECK_FALSE(Build(spec, fmt::format(R"json({{"name":{},"part":"p"}})json", name).c_str()).ok());
  }
  // Neither do two make up what one may not be.
  const ApiSpec two = SpecOf("/a/{x}{y}/b", "get", "{}");
  CHECK_FALSE(Build(two, R"json({"x":".","y":"."})json").ok());
  CHECK(Built(two, R"json({"x":1,"y":true})json").resource_path == "/a/1true/b");
}

TEST_CASE("lists and objects in a path are written in the simple style") {
  const ApiSpec spec = SpecOf("/a/{x}", "get", "{}");
  CHECK(Built(spec, R"json({"x":["a,b","c"]})json").resource_path == "/a/a%2Cb,c");
  CHECK(Built(spec, R"json({"x":{"k":"v","l":1}})json").resource_path == "/a/k,v,l,1");
}

TEST_CASE("query parameters are written in their style") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  struct Case {
    const char* more;
    const char* value;
    Pairs expected;
  };
  for (const Case& c :
       std::vector<Case>{{R"json({})json", R"("a b")", {{"q", "a b"}}},
                         {R"json({})json", "1.5", {{"q", "1.5"}}},
                         {R"json({})json", "true", {{"q", "true"}}},
                         {R"json({})json", R"(["a","b"])", {{"q", "a"}, {"q", "b"}}},
                         {R"json({})json", R"json({"k":"v","l":1})json", {{"k", "v"}, {"l", "1"}}},
                         {R"json({})json", "[]", {}},
                         {R"json({"explode":false})json", R"(["a","b"])", {{"q", "a,b"}}},
                         {R"json({"explode":false})json", R"json({"k":"v"})json", {{"q", "k,v"}}},
                         {R"json({"style":"spaceDelimited"})json", R"(["a","b"])", {{"q", "a b"}}},
                         {R"json({"style":"pipeDelimited"})json", R"(["a","b"])", {{"q", "a|b"}}},
                         {R"json({"style":"deepObject"})json",
                          R"json({"k":"v","l":1})json",
                          {{"q[k]", "v"}, {"q[l]", "1"}}},
                         {R"json({"content":{"application/json":{}}})json",
                          R"json({"k":[1]})json",
                          {{"q", R"json({"k":[1]})json"}}}}) {
    INFO(c.more << " " << c.value);
    Json parameter = Json::parse(c.more);
    parameter["name"] = "q";
    parameter["in"] = "query";
    const ApiSpec spec = SpecOf("/a", "get", Json{{"parameters", {parameter}}}.dump().c_str());
    CHECK(Built(spec, fmt::format(R"json({{"q":{}}})json", c.value).c_str()).query == c.expected);
  }
}

TEST_CASE("what has no text form, or an ambiguous one, is refused") {
  for (const auto& [more, value] : std::vector<std::pair<const char*, const char*>>{
           {R"json({})json", "null"},
           {R"json({})json", "[[1]]"},
           {R"json({})json", R"json({"k":{"l":1}})json"},
           {R"json({"explode":false})json", R"(["a,b","c"])"},
           {R"json({"style":"deepObject"})json", R"("x")"},
           {R"json({"in":"header"})json", R"("a\r\nX-Evil: 1")"},
           {R"json({"in":"header"})json", R"("a\u0000")"},
           {R"json({"in":"header"})json", R"(" a")"},
           {R"json({"in":"header"})json", R"(["a,b"])"}}) {
    INFO(more << " " << value);
    Json parameter = {{"name", "q"}, {"in", "query"}};
    parameter.update(Json::parse(more));
    const ApiSpec spec = SpecOf("/a", "get", Json{{"parameters", {parameter}}}.dump().c_str());
    CHECK(
        LinesOf(Build(spec, fmt::format(R"json({{"q":{}}})json", value).c_str()).status()).size() ==
        1);
  }
}

TEST_CASE("unknown parameters, bodies that are not taken and ambiguous names are refused") {
  const ApiSpec spec = SpecOf("/a", "get", "{}");
  CHECK(LinesOf(Build(spec, R"json({"x":1})json").status()) ==
        Lines{"payload.x: the operation has no such parameter, and no body"});
  CHECK(LinesOf(Build(spec, R"json({"body":{}})json").status()) ==
        Lines{"payload.body: the operation takes no body"});
  CHECK(Built(spec, "{}").resource_path == "/a");
  CHECK(Built(spec, "null").content_type.empty());
  const ApiSpec twice =
      SpecOf("/a/{id}", "get", R"json({"parameters":[{"name":"id","in":"query"}]})json");
  CHECK_FALSE(Build(twice, R"json({"id":1})json").ok());
  CHECK(Built(twice, R"json({"path":{"id":1},"query":{"id":2}})json").query.size() == 1);
}

TEST_CASE("bodies are written as their type asks") {
  const ApiSpec form =
      SpecOf("/a", "post",
             R"json({"requestBody":{"content":{"application/x-www-form-urlencoded":{}}}})json");
  const StructuredRequest request = Built(form, R"json({"a b":"c&d=","list":[1,2],"t":true})json");
  CHECK(request.body == "a%20b=c%26d%3D&list=1&list=2&t=true");
  CHECK(request.content_type == "application/x-www-form-urlencoded");
  CHECK_FALSE(Build(form, R"json({"a":{"b":1}})json").ok());
  CHECK_FALSE(Build(form, R"json({"body":"a=b"})json").ok());
  const ApiSpec text =
      SpecOf("/a", "post", R"json({"requestBody":{"content":{"text/plain":{}}}})json");
  CHECK(Built(text, R"json({"body":"hello"})json").body == "hello");
  CHECK_FALSE(Build(text, R"json({"body":5})json").ok());
  CHECK(Built(text, "{}").content_type.empty());
}

TEST_CASE("schemas of OpenAPI 3.0 mean what they mean there") {
  const ApiSpec spec =
      SpecOf("/a", "post", R"json({"requestBody":{"content":{"application/json":{"schema":{
    "properties":{"n":{"type":"string","nullable":true,"enum":["a"]},
                  "x":{"type":"number","minimum":1,"exclusiveMinimum":true,"maximum":5,
                  "exclusiveMaximum":false},
                  "id":{"type":"integer","readOnly":true},"w":{"type":"string","writeOnly":true}},
    "required":["id","w"]}}}}})json");
  CHECK(Build(spec, R"json({"w":"","n":null,"x":5})json").ok());
  CHECK(LinesOf(Build(spec, R"json({"n":"b","x":1})json").status()) ==
        Lines{"payload.n: must be a or null", "payload.x: must be more than 1",
              "payload.w: is required"});
}

TEST_CASE("schemas of OpenAPI 3.1 are of a later draft") {
  const ApiSpec spec =
      SpecOf("/a", "post", R"json({"requestBody":{"content":{"application/json":{"schema":{
    "properties":{"t":{"type":"array","prefixItems":[{"type":"string"}],"items":false},
                  "e":{"exclusiveMinimum":1},"n":{"type":"string","nullable":true},
                  "r":{"$ref":"#/paths/~1a/post/x-text","maxLength":2}},
    "dependentRequired":{"t":["e"]}}}}},"x-text":{"type":"string"}})json",
             "3.1.0");
  CHECK(Build(spec, R"json({"t":["a"],"e":2,"n":"b","r":"ab"})json").ok());
  CHECK(LinesOf(Build(spec, R"json({"t":["a",1],"n":null,"r":"abc"})json").status()) ==
        Lines{"payload.t[1]: nothing is allowed here", "payload.e: is required",
              "payload.n: must be string", "payload.r: must have at most 2 characters"});
}

}  // namespace
}  // namespace penstock::connector::openapi
