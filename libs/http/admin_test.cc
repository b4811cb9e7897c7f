#include "libs/http/admin.h"

#include <catch2/catch.hpp>

#include "libs/testing/http_client.h"

namespace penstock::http {
namespace {

using testing::HttpClient;

TEST_CASE("the admin endpoint tells life, readiness and figures") {
  metrics::Registry registry;
  registry.Counter("penstock_test_things_total", "Things.").Increment(3);
  lifecycle::Readiness readiness({"database", "engine"});
  auto admin = StartAdmin("127.0.0.1:0", registry, readiness);
  REQUIRE(admin.ok());
  auto exported = ExportServerStats(registry, **admin, "admin");
  auto client = HttpClient::Connect((*admin)->port());
  REQUIRE(client.ok());

  CHECK(client->Call("GET", "/healthz")->status == 200);

  readiness.Set("database", absl::OkStatus());
  readiness.Set("engine", absl::UnavailableError("it said \"no\""));
  auto unready = client->Call("GET", "/readyz");
  CHECK(unready->status == 503);
  CHECK(unready->body.find("\\\"no\\\"") != std::string::npos);
  CHECK(unready->body.find("database") == std::string::npos);

  readiness.Set("engine", absl::OkStatus());
  CHECK(client->Call("GET", "/readyz")->status == 200);
  readiness.StartDrain();
  CHECK(client->Call("GET", "/readyz")->status == 503);

  auto metrics = client->Call("GET", "/metrics");
  CHECK(metrics->header("content-type") == metrics::kContentType);
  CHECK(metrics->body.find("penstock_test_things_total 3") != std::string::npos);
  CHECK(metrics->body.find("penstock_http_responses_total{") != std::string::npos);
  CHECK(client->Call("POST", "/metrics")->status == 405);
}

}  // namespace
}  // namespace penstock::http
