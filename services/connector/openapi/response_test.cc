#include "services/connector/openapi/response.h"

#include "services/connector/openapi/testing_spec.h"

namespace penstock::connector::openapi {
namespace {

ApiSpec Spec() {
  return Parsed(nlohmann::json::parse(R"json({"paths":{"/a":{
    "get":{"operationId":"op","responses":{
      "200":{"content":{"application/json":{"schema":{"type":"object","required":["id","w"],
        "properties":{"id":{"type":"integer"},"w":{"writeOnly":true}}}}}},
      "4XX":{"content":{"application/problem+json":{"schema":{"required":["title"]}}}},
      "404":{"description":"none"}}},
    "put":{"operationId":"silent"}}}})json"));
}

std::vector<json_schema::Violation> Check(const char* id, int status, const char* body) {
  static const ApiSpec& spec = *new ApiSpec(Spec());
  return CheckResponse(*spec.Find(id), status, body);
}

TEST_CASE("an answer is compared with the rule of its status") {
  CHECK(Check("op", 200, R"({"id":1})").empty());
  CHECK(Check("op", 200, R"({"id":"hunter2"})").at(0).message == "must be integer");
  CHECK(Check("op", 200, R"({"id":"hunter2"})").at(0).instance_path == "/id");
  CHECK(Check("op", 422, "{}").at(0).instance_path == "/title");
  CHECK(Check("op", 404, "gone").empty());
  CHECK(Check("op", 200, "<html>").at(0).message == "must be JSON");
  CHECK(Check("op", 503, "{}").at(0).message == "the operation does not mention the status 503");
  CHECK(Check("silent", 503, "x").empty());
}

}  // namespace
}  // namespace penstock::connector::openapi
