// What calls write on their connector, and when they need not.
#include "services/connector/ops/call_health.h"

#include <catch2/catch.hpp>

#include "services/connector/ops/testing/calling_fixture.h"
#include "services/connector/testing/api_server/api_server.h"

namespace penstock::connector {
namespace {

struct Fixture : testing::CallingFixture {
  // Makes the next write show: without one the row stays as it is.
  void MakeOld() {
    Run("UPDATE connector.integration_connectors SET last_connected_at = '2001-01-01'");
  }
  bool IsOld() { return Read(id).last_connected_at < absl::FromUnixSeconds(1'000'000'000); }
  bool Succeeds(testing::Calling& by) { return Call(by, id, "/echo").ok(); }
  bool Fails(testing::Calling& by) { return !Call(by, id, "/fail/500").ok(); }

  testing::ApiServer server{kSecret};
  const ConnectorId id = Create(server.url("")).id;
};

TEST_CASE_METHOD(Fixture, "a success soon after one that was written is not written") {
  REQUIRE(Succeeds(here));
  CHECK(Read(id).last_connected_at.has_value());
  MakeOld();
  REQUIRE(Succeeds(here));
  CHECK(IsOld());
  time.shift = CallHealth::kRepeat;
  REQUIRE(Succeeds(here));
  CHECK_FALSE(IsOld());
}

TEST_CASE_METHOD(Fixture, "every failure is written, and the first success after it") {
  REQUIRE(Succeeds(here));
  REQUIRE(Fails(here));
  REQUIRE(Read(id).last_error.has_value());
  CHECK(Read(id).last_error->http_status == 500);
  REQUIRE(Succeeds(here));
  CHECK_FALSE(Read(id).last_error.has_value());
  REQUIRE(Fails(here));
  CHECK(Read(id).last_error.has_value());
}

TEST_CASE_METHOD(Fixture, "the failure of another replica is cleared once it can be known of") {
  REQUIRE(Succeeds(here));
  REQUIRE(Fails(elsewhere));
  time.shift = KnownConnectors::kMaxAge;
  REQUIRE(Succeeds(here));
  CHECK_FALSE(Read(id).last_error.has_value());
  MakeOld();
  REQUIRE(Succeeds(here));
  CHECK(IsOld());
}

}  // namespace
}  // namespace penstock::connector
