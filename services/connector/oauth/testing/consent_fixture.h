// Somebody who consents, or is asked to: all that operations on grants work with.
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "libs/http/percent.h"
#include "libs/testing/check.h"
#include "services/connector/oauth/grant_operations.h"
#include "services/connector/oauth/testing/grant_fixture.h"

namespace penstock::connector::testing {

struct ConsentFixture : GrantFixture {
  ConsentFixture() {
    caller.tenant = tenant.tenant;
    caller.role = auth::Role::kOwner;
    caller.deadline = clock.Now() + absl::Minutes(5);
  }

  std::string Ticket(const StartedAuthorization& started) {
    return started.url.substr(started.url.find("ticket=") + 7);
  }
  OpenedAuthorization Begin(GrantId id, const std::string& return_to = "") {
    return penstock::testing::Check(
        authorizer.Open(Ticket(
            penstock::testing::Check(StartAuthorization(context, caller, id, return_to), "start"))),
        "open");
  }
  // The browser's way to the provider and back.
  AuthorizationCallback Consent(const OpenedAuthorization& opened) {
    const std::optional<std::string> query = server.Consent(opened.authorize_url);
    REQUIRE(query.has_value());
    AuthorizationCallback callback{.provider = "acme", .browser_binding = opened.browser_binding};
    const auto parameters = http::ParseQuery(*query, 20);
    REQUIRE(parameters.has_value());
    for (const auto& [name, value] : *parameters) callback.query[name] = value;
    return callback;
  }
  absl::StatusOr<CompletedAuthorization> Complete(const AuthorizationCallback& callback) {
    return authorizer.Complete(callback, clock.Now() + absl::Seconds(30));
  }
  std::string Outcome(const AuthorizationCallback& callback) {
    return penstock::testing::Check(Complete(callback), "complete").outcome;
  }
  GrantView View(GrantId id) {
    return penstock::testing::Check(GetGrant(context, caller, id), "get");
  }
  void PollNow() {
    Execute("UPDATE connector.oauth_attempts SET poll_at = now() - interval '1 s'");
    CHECK(penstock::testing::Check(devices.PollDue(10, absl::Seconds(20)), "poll") == 1);
  }

  const RefreshParts parts{*kit().pool, kit().credentials,  kit().sender,  kit().spool,
                           clock,       [] { return 0.5; }, kit().measures};
  Authorizer authorizer{parts,
                        {.public_url = "https://penstock.example",
                         .return_addresses = {{"app", "https://app.example/done"}}}};
  DeviceAuthorizer devices{parts};
  Revoker revoker{parts};
  const GrantContext context{parts, refresher(), authorizer, devices, revoker};
  auth::CallContext caller;
};

}  // namespace penstock::connector::testing
