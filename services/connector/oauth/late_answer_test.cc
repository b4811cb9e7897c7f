// Tokens that come after the lease of whoever asked for them has ended.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/synchronization/notification.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/oauth/testing/grant_fixture.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::GrantFixture;
using testing::ServerRotation;
using testing::ServerSwitches;
using Lines = std::vector<std::string>;

// A holder whose request is answered long after its lease has ended.
struct LateHolder : GrantFixture {
  LateHolder() {
    slow = MakeKit();
    server.OnToken([this](const std::string&) {
      if (slow_asks.exchange(false)) {
        asked.Notify();
        answer.WaitForNotification();
      }
    });
  }
  void AskSlowly(GrantId id) {
    late = std::thread([this, id] {
      token =
          slow->refresher.Get(testing::UseOf(tenant.tenant, id), clock.Now() + absl::Seconds(60));
    });
    asked.WaitForNotification();
    EndWaits(id);  // its lease
  }
  std::string Token(GrantId id) {
    return std::string(Check(Get(id), "get a token").token.Reveal());
  }
  void AnswerAtLast() {
    answer.Notify();
    late.join();
  }

  std::unique_ptr<testing::RefresherKit> slow;
  std::atomic<bool> slow_asks = true;
  absl::Notification asked, answer;
  std::thread late;
  absl::StatusOr<AccessToken> token = absl::UnknownError("not asked");
};

TEST_CASE_METHOD(LateHolder, "a late answer saves a grant that was given up") {
  const GrantId id = AddGrant();
  server.Set([](ServerSwitches& s) { s.rules.revoke_on_reuse = false; });
  MakeDue(id);
  AskSlowly(id);
  CHECK(MetadataOf(Get(id).status(), "class") == "lost_rotation");
  CHECK(Load(id).state == GrantState::kNeedsReauth);
  AnswerAtLast();
  CHECK(Check(std::move(token), "the late one's").version == 2);
  CHECK(Load(id).state == GrantState::kActive);
  CHECK(server.IsLive(Token(id)));
  CHECK(server.IsLiveRefreshToken(Secret(id, "refresh_token")));
  CHECK(Changes(id) ==
        Lines{"pending>active", "active>needs_reauth:lost_rotation", "needs_reauth>active"});
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'attempt'") ==
        0);  // the candidate's place is empty
}

TEST_CASE_METHOD(LateHolder,
                 "a late answer beside a newer one is kept until the newer one has worked") {
  const GrantId id = AddGrant(R"({"rotation":"grace","grace_seconds":1800})");
  server.Set([](ServerSwitches& s) { s.rules.rotation = ServerRotation::kGrace; });
  MakeDue(id);
  AskSlowly(id);
  const std::string newer = Token(id);
  AnswerAtLast();
  CHECK(Check(std::move(token), "the late one's").token.Reveal() == newer);
  CHECK(Journal(id) == Lines{"candidate", "succeeded"});
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'attempt'") == 2);
  SECTION("the newer one works") {
    CHECK(refresher().TokenWorked(tenant.tenant, id, 2).ok());
    CHECK(Journal(id) == Lines{"superseded", "succeeded"});
    CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'attempt'") == 0);
  }
  SECTION("the newer one is refused, and the late one serves") {
    server.Set([](ServerSwitches& s) { s.refresh_error = "invalid_grant"; });
    MakeDue(id);
    CHECK(Check(Get(id), "get").version == 3);
    CHECK(Load(id).state == GrantState::kActive);
    CHECK(Journal(id) == Lines{"succeeded", "succeeded", "failed:revoked_or_expired"});
  }
}

TEST_CASE_METHOD(LateHolder, "a late answer to a consent that was replaced is dropped") {
  const GrantId id = AddGrant();
  MakeDue(id);
  AskSlowly(id);
  const testing::IssuedTokens again = server.Issue({"read"});
  TokenWriter writer(*kit().pool, kit().credentials);
  TokenWriter::Authorized authorized{.tenant = tenant.tenant, .grant = id, .sent_at = clock.Now()};
  authorized.answer.access_token = crypto::Secret(again.access_token);
  authorized.answer.expires_in = absl::Hours(1);
  Check(writer.StoreAuthorized(authorized, 0).status(), "authorize");
  CHECK(refresher().TokenWorked(tenant.tenant, id, 2).ok());
  AnswerAtLast();
  CHECK(Token(id) == again.access_token);
  CHECK(Secret(id, "refresh_token").empty());  // that of the consent before went, too
  CHECK(Journal(id) == Lines{"superseded"});
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'attempt'") == 0);
}

}  // namespace
}  // namespace penstock::connector
