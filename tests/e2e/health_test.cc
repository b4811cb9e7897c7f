// Health says SERVING, and /readyz 200, only while the service can do its work.
#include <catch2/catch.hpp>

#include "libs/testing/check.h"
#include "tests/e2e/health.h"
#include "tests/harness/deployment.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

TEST_CASE("health follows the database") {
  auto penstock =
      testing::Check(harness::Deployment::Start({.connectors = true}), "starting the services");
  auto engine = penstock->clients().engine_channel();
  auto interfaces = penstock->clients().interfaces_channel();
  auto connectors = penstock->clients().connectors_channel();
  REQUIRE(Becomes(engine, HealthCheckResponse::SERVING));
  REQUIRE(Becomes(interfaces, HealthCheckResponse::SERVING));
  REQUIRE(Becomes(connectors, HealthCheckResponse::SERVING));

  penstock->postgres().Kill();
  CHECK(Becomes(engine, HealthCheckResponse::NOT_SERVING));
  CHECK(Becomes(interfaces, HealthCheckResponse::NOT_SERVING));
  CHECK(Becomes(connectors, HealthCheckResponse::NOT_SERVING));
  CHECK_FALSE(penstock->engine().IsReady());
  // Alive all the same: restarting the service would not help.
  CHECK(harness::Call({.url = penstock->engine().AdminUrl("/healthz")})->status == 200);

  REQUIRE(penstock->postgres().Restart().ok());
  CHECK(Becomes(engine, HealthCheckResponse::SERVING));
  CHECK(Becomes(interfaces, HealthCheckResponse::SERVING));
  CHECK(Becomes(connectors, HealthCheckResponse::SERVING));
}

TEST_CASE("a service drains and ends well on SIGTERM") {
  auto penstock =
      testing::Check(harness::Deployment::Start({.connectors = true}), "starting the services");
  CHECK(testing::Check(penstock->interfaces().Stop(), "stopping interfaces-service") == 0);
  CHECK(testing::Check(penstock->engine().Stop(), "stopping workflow-engine") == 0);
  CHECK(testing::Check(penstock->connectors().Stop(), "stopping connector-service") == 0);
}

TEST_CASE("metrics are served in the format of Prometheus") {
  auto penstock =
      testing::Check(harness::Deployment::Start({.connectors = true}), "starting the services");
  for (const std::string& url :
       {penstock->engine().AdminUrl("/metrics"), penstock->interfaces().AdminUrl("/metrics"),
        penstock->connectors().AdminUrl("/metrics")}) {
    harness::HttpReply reply = testing::Check(harness::Call({.url = url}), "metrics");
    CHECK(reply.status == 200);
    CHECK(reply.body.find("# TYPE penstock_") != std::string::npos);
  }
}

}  // namespace
}  // namespace penstock::e2e
