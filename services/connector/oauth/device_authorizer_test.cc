// Consent on another device.
#include "services/connector/oauth/device_authorizer.h"

#include <catch2/catch.hpp>

#include "libs/testing/check.h"
#include "libs/testing/simulated_clock.h"
#include "services/connector/oauth/testing/consent_fixture.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::AuthorizationServer;
using testing::ServerSwitches;

// A provider whose time the test makes.
struct DeviceFixture : testing::ConsentFixture {
  GrantId AddDevice() {
    return AddPendingGrant(provider.ConnectorConfig(R"({"grant_type":"device_code"})"));
  }
  int64_t Interval() {
    return Count("SELECT interval_seconds::bigint FROM connector.oauth_attempts");
  }
  penstock::testing::SimulatedClock time{absl::Now()};
  AuthorizationServer provider{time};
};

TEST_CASE_METHOD(DeviceFixture,
                 "a device is asked about until somebody has typed in its code, more slowly when "
                 "the provider says so") {
  const GrantId id = AddDevice();
  const StartedDevice started = Check(StartDeviceAuthorization(context, caller, id), "start");
  CHECK(started.verification_uri == "https://provider.example/device");
  CHECK(started.verification_uri_complete ==
        "https://provider.example/device?user_code=" + started.user_code);
  CHECK(Check(devices.PollDue(10, absl::Seconds(20)), "not before its interval") == 0);
  PollNow();
  CHECK(View(id).authorization == "waiting");
  CHECK(Interval() == 1);
  PollNow();  // too soon for the provider
  CHECK(Interval() == 6);
  time.Advance(absl::Seconds(6));
  PollNow();
  CHECK(Interval() == 6);  // for good
  CHECK(provider.ApproveDevice(started.user_code));
  time.Advance(absl::Seconds(6));
  PollNow();
  CHECK(View(id).authorization == "authorized");
  CHECK(provider.IsLive(std::string(Check(Get(id), "get").token.Reveal())));
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'attempt'") == 0);
  CHECK(Check(devices.PollDue(10, absl::Seconds(20)), "over") == 0);
}

TEST_CASE_METHOD(
    DeviceFixture,
    "a device is asked about through outages, until it is refused or its time is over") {
  const GrantId id = AddDevice();
  const StartedDevice started = Check(StartDeviceAuthorization(context, caller, id), "start");
  provider.Set([](ServerSwitches& s) { s.unavailable = 1; });
  PollNow();
  CHECK(View(id).authorization == "waiting");
  CHECK(Interval() == 2);
  SECTION("refused") {
    CHECK(provider.DenyDevice(started.user_code));
    time.Advance(absl::Seconds(6));
    PollNow();
    CHECK(View(id).authorization == "access_denied");
  }
  SECTION("over") {
    const int asked = provider.token_requests();
    Execute("UPDATE connector.oauth_attempts SET expires_at = now() - interval '1 s'");
    PollNow();
    CHECK(View(id).authorization == "expired_token");
    CHECK(provider.token_requests() == asked);
  }
  CHECK(Check(devices.PollDue(10, absl::Seconds(20)), "over") == 0);
  CHECK(View(id).grant.state == GrantState::kPending);
}

}  // namespace
}  // namespace penstock::connector
