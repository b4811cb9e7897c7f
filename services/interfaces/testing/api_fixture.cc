#include "services/interfaces/testing/api_fixture.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "libs/testing/check.h"

namespace penstock::interfaces::testing {

using penstock::testing::Check;
using penstock::testing::HttpClient;
using penstock::testing::HttpResponse;

ApiFixture::ApiFixture() {
  config.connectors.address = connector->address();
  config.scheduler.address = scheduler->address();
  config.cors = *CorsPolicy::Parse("https://app.example.com");
  Start();
}

HttpResponse ApiFixture::Call(std::string_view method, std::string_view target,
                              std::string_view body, const HttpClient::Headers& headers) {
  HttpClient client = Connect();
  return Check(client.Call(method, target, body, headers), "call the API");
}

bool IsProblem(const HttpResponse& response, int status, std::string_view code) {
  INFO(response.status << " " << response.body);
  const nlohmann::json problem = nlohmann::json::parse(response.body, nullptr, false);
  CHECK(response.header("content-type") == "application/problem+json");
  CHECK(problem.value("status", 0) == status);
  CHECK(problem.value("requestId", "") == response.header("x-request-id"));
  return response.status == status && problem.value("code", "") == code;
}

}  // namespace penstock::interfaces::testing
