// The API over HTTP and JSON (I5) through the whole service: the real front door, fake services
// behind it.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "libs/grpc/status_conversion.h"
#include "libs/status/details.h"
#include "services/interfaces/testing/api_fixture.h"

namespace penstock::interfaces {
namespace {

using nlohmann::json;
using penstock::testing::HttpClient;
using penstock::testing::HttpResponse;
using penstock::testing::RequestText;
using testing::ApiFixture;
using testing::FakeUpstream;
using testing::IsProblem;

constexpr char kConnectors[] = "/api/v1/connectors";
constexpr char kOne[] = "/api/v1/connectors/7";

bool Has(const HttpResponse& response, std::string_view text) {
  INFO(response.status << " " << response.body);
  return response.body.find(text) != std::string::npos;
}

TEST_CASE_METHOD(ApiFixture,
                 "a connector is made, and the caller's credential, id and trace go along") {
  connector->Answer(R"({"id":"7","name":"crm","isActive":true})");
  const HttpResponse response =
      Call("POST", kConnectors,
           R"({"connector":{"name":"crm","auth_type":"api_key"},"secrets":{"key":"s"}})",
           {{"Authorization", "Bearer key-1"},
            {"Content-Type", "application/json; charset=utf-8"},
            {"X-Request-Id", "mine-1"},
            {"Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
            {"X-Tenant-Id", "other"},
            {"Grpc-Metadata-X", "other"},
            {"Cookie", "a=b"}});
  CHECK(response.status == 201);
  CHECK(response.header("content-type") == "application/json");
  CHECK(response.header("cache-control") == "no-store");
  const json made = json::parse(response.body);
  CHECK(made["id"] == "7");
  CHECK(made["isActive"] == true);
  CHECK(made["displayName"] == "");
  const FakeUpstream::Asked asked = connector->last();
  CHECK(asked.rpc == "CreateConnector");
  CHECK(json::parse(asked.request) ==
        json::parse(R"({"connector":{"name":"crm","authType":"api_key"},"secrets":{"key":"s"}})"));
  CHECK(asked.metadata.at("authorization") == "Bearer key-1");
  CHECK(asked.metadata.at("x-request-id") == "mine-1");
  CHECK(asked.metadata.at("traceparent").starts_with("00-0af7651916cd43dd8448eb211c80319c-"));
  CHECK(asked.metadata.at("traceparent").find("b7ad6b7169203331") == std::string::npos);
  for (const char* name : {"x-tenant-id", "grpc-metadata-x", "x", "cookie"}) {
    CHECK(!asked.metadata.contains(name));
  }
}

TEST_CASE_METHOD(ApiFixture,
                 "what a service refuses is a problem with its status, code and fields") {
  auto fail = [&](const absl::Status& status) {
    connector->Fail(rpc::ToGrpcStatus(status));
    return Call("GET", kOne);
  };
  CHECK(IsProblem(fail(absl::AlreadyExistsError("there is one")), 409, "ALREADY_EXISTS"));
  CHECK(IsProblem(fail(absl::NotFoundError("no")), 404, "NOT_FOUND"));
  const HttpResponse unknown = fail(absl::UnauthenticatedError("who"));
  CHECK(IsProblem(unknown, 401, "UNAUTHENTICATED"));
  CHECK(unknown.header("www-authenticate") == "Bearer");
  const HttpResponse upstream =
      fail(WithRetryAfter(WithReason(absl::UnavailableError("it answered 503"), "UPSTREAM_FAILED",
                                     {{"http_status", "503"}}),
                          absl::Seconds(9)));
  CHECK(IsProblem(upstream, 502, "UPSTREAM_FAILED"));
  CHECK(upstream.header("retry-after") == "9");
  CHECK(Has(upstream, R"("grpcCode":"UNAVAILABLE")"));
  CHECK(Has(upstream, R"("upstreamStatus":503)"));
  const HttpResponse wrong = fail(InvalidField("connector.name", "too long"));
  CHECK(IsProblem(wrong, 400, "INVALID_ARGUMENT"));
  CHECK(Has(wrong, R"({"field":"connector.name","description":"too long"})"));
}

TEST_CASE_METHOD(ApiFixture, "what is wrong before any call is told without one") {
  const HttpResponse unknown = Call("POST", kConnectors, R"({"conector":{}})");
  CHECK(IsProblem(unknown, 400, "INVALID_ARGUMENT"));
  CHECK(Has(unknown, R"("field":"conector")"));
  const HttpResponse broken = Call("POST", kConnectors, R"({"secrets":{"key": hunter2}})");
  CHECK(IsProblem(broken, 400, "MALFORMED_BODY"));
  CHECK(!Has(broken, "hunter2"));
  CHECK(IsProblem(Call("GET", "/api/v1/connectors/%zz"), 400, "MALFORMED_URL"));
  CHECK(IsProblem(Call("GET", "/api/v1/connectors/7/data?resourcePath=%ff"), 400, "MALFORMED_URL"));
  CHECK(IsProblem(Call("GET", "/api/v1/connectors?page_size=many"), 400, "INVALID_ARGUMENT"));
  CHECK(IsProblem(Call("POST", kConnectors, "<x/>", {{"Content-Type", "text/xml"}}), 415,
                  "UNSUPPORTED_MEDIA_TYPE"));
  CHECK(IsProblem(Call("GET", kOne, "", {{"X-Request-Timeout", "soon"}}), 400, "INVALID_ARGUMENT"));
  CHECK(Call("GET", kOne, "", {{"Authorization", "Bearer \xc3\xa9"}}).status == 401);
  CHECK(IsProblem(Call("GET", "/api/v1/nothing"), 404, "NOT_FOUND"));
  CHECK(IsProblem(Call("GET", "/api/v1/connectors/"), 404, "NOT_FOUND"));
  CHECK(IsProblem(Call("GET", "/api/v1/connectors/7/../8"), 404, "NOT_FOUND"));
  CHECK(IsProblem(Call("GET", "/api/v1/connectors/%2e%2e/data"), 404, "NOT_FOUND"));
  const HttpResponse method = Call("POST", kOne);
  CHECK(IsProblem(method, 405, "METHOD_NOT_ALLOWED"));
  CHECK(method.header("allow").find("GET, HEAD") != std::string::npos);
  CHECK(Call("POST", kConnectors, "\"" + std::string(1 << 20, 'x') + "\"").status == 413);
  CHECK(connector->asked().empty());
}

TEST_CASE_METHOD(ApiFixture, "a large body passes as a small one does") {
  const std::string text(200'000, 'x');
  CHECK(Call("POST", "/api/v1/connectors/7/actions/send", json{{"payload", text}}.dump()).status ==
        200);
  CHECK(json::parse(connector->last().request)["payload"] == text);
  CHECK(
      IsProblem(Call("POST", kConnectors, json{{"nobody", text}}.dump()), 400, "INVALID_ARGUMENT"));
}

TEST_CASE_METHOD(ApiFixture, "a caller's patience is the call's deadline") {
  CHECK(Call("GET", kOne, "", {{"Grpc-Timeout", "90S"}}).status == 200);
  CHECK(connector->last().time_left > absl::Seconds(30));
  CHECK(connector->last().time_left < absl::Seconds(100));  // gRPC rounds up on the wire
  CHECK(Call("GET", kOne).status == 200);
  CHECK(connector->last().time_left < absl::Seconds(40));
  connector->Hold();
  CHECK(IsProblem(Call("GET", kOne, "", {{"X-Request-Timeout", "0.2"}}), 504, "DEADLINE_EXCEEDED"));
  CHECK(connector->WaitForCancelled(1));
}

TEST_CASE_METHOD(
    ApiFixture,
    "without the service behind the answer is 503 without an address, and the door stays ready") {
  AwaitReady();
  connector.reset();
  const HttpResponse response = Call("GET", kOne);
  CHECK(IsProblem(response, 503, "SERVICE_UNAVAILABLE"));
  CHECK(!Has(response, "127.0.0.1"));
  CHECK(response.header("retry-after") == "1");
  CHECK(app->readiness().ready());
  CHECK(Send("{}").status == 200);
}

TEST_CASE_METHOD(ApiFixture, "a slow third party holds up no webhook") {
  connector->Hold();
  HttpClient slow = Connect();
  REQUIRE(slow.SendRaw(RequestText("POST", "/api/v1/connectors/7/test", "")).ok());
  REQUIRE(connector->WaitForCalls(1));
  for (int i = 0; i < 20; ++i) CHECK(Send("{}").status == 200);
  connector->Release();
  CHECK(slow.Read()->status == 200);
}

TEST_CASE_METHOD(ApiFixture, "draining answers what is under way, stopping cancels it") {
  connector->Hold();
  HttpClient client = Connect();
  REQUIRE(client.SendRaw(RequestText("GET", kOne, "")).ok());
  REQUIRE(connector->WaitForCalls(1));
  std::thread drainer([&] { app->Drain(); });
  while (!app->readiness().draining()) std::this_thread::yield();
  connector->Release();
  CHECK(client.Read()->status == 200);
  drainer.join();

  Start();
  connector->Hold();
  HttpClient left = Connect();
  REQUIRE(left.SendRaw(RequestText("GET", kOne, "")).ok());
  REQUIRE(connector->WaitForCalls(2));
  app.reset();
  CHECK(connector->WaitForCancelled(1));
}

TEST_CASE_METHOD(ApiFixture, "pages of listed origins may call, others may not") {
  const HttpClient::Headers ours = {{"Origin", "https://app.example.com"},
                                    {"Access-Control-Request-Method", "PATCH"}};
  const HttpResponse preflight = Call("OPTIONS", kOne, "", ours);
  CHECK(preflight.status == 204);
  CHECK(preflight.header("access-control-allow-origin") == "https://app.example.com");
  CHECK(preflight.header("access-control-allow-methods").find("PATCH") != std::string::npos);
  CHECK(preflight.header("access-control-allow-headers").find("authorization") !=
        std::string::npos);
  CHECK(preflight.header("vary") == "Origin");
  CHECK(Call("GET", kOne, "", ours).header("access-control-allow-origin") ==
        "https://app.example.com");
  const HttpClient::Headers other = {{"Origin", "https://evil.example"}};
  CHECK(Call("OPTIONS", kOne, "", other).header("access-control-allow-methods").empty());
  CHECK(Call("GET", kOne, "", other).header("access-control-allow-origin").empty());
  CHECK(Call("OPTIONS", kOne).header("allow").find("PATCH") != std::string::npos);
  CHECK(connector->asked().size() == 2);
}

TEST_CASE_METHOD(ApiFixture, "the API describes itself, and counts what it served") {
  const HttpResponse response = Call("GET", "/api/v1/openapi.json", "", {});
  CHECK(response.status == 200);
  const json document = json::parse(response.body);
  CHECK(document["paths"]["/api/v1/connectors/{id}/actions/{action_name}"].contains("post"));
  CHECK(document["paths"]["/api/v1/connectors/{id}"].size() == 4);
  CHECK(IsProblem(Call("POST", "/api/v1/openapi.json", "{}"), 405, "METHOD_NOT_ALLOWED"));
  CHECK(Call("GET", kOne).status == 200);
  const std::string metrics = app->registry().Expose();
  CHECK(metrics.find("penstock_rest_finished_total{code=\"200\",method=\"/penstock.connector.v1."
                     "ConnectorService/GetConnector\"} 1") != std::string::npos);
  CHECK(metrics.find("penstock_rest_seconds_bucket") != std::string::npos);
}

}  // namespace
}  // namespace penstock::interfaces
