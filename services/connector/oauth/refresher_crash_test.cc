// What dies, is lost or comes late between asking for a token and having it: real processes, killed
// for real.
#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/oauth/testing/grant_fixture.h"
#include "services/connector/oauth/testing/worker_process.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::GrantFixture;
using testing::ServerRotation;
using testing::ServerSwitches;
using testing::WorkerProcess;
using Lines = std::vector<std::string>;

struct Fixture : GrantFixture {
  Lines WorkerArguments(GrantId id, int callers, const std::string& step = "") {
    Lines arguments = {database.Conninfo(postgres::Role::kServer), spool_directory,
                       tenant.tenant.ToString(), id.ToString(), std::to_string(callers)};
    if (!step.empty()) arguments.push_back(step);
    return arguments;
  }
  // A process that is killed on its way.
  void Die(GrantId id, const std::string& step) {
    WorkerProcess worker(WorkerArguments(id, 1, step));
    worker.Go();
    CHECK(worker.AwaitEnd() == 128 + SIGKILL);
  }
  std::string Token(GrantId id) {
    return std::string(Check(Get(id), "get a token").token.Reveal());
  }
  std::string Reason(GrantId id) { return ReasonOf(Get(id).status()); }
  size_t Spooled() {
    return std::distance(std::filesystem::directory_iterator(spool_directory), {});
  }
};

TEST_CASE_METHOD(Fixture, "a hundred callers in two processes make one token request") {
  const GrantId id = AddGrant();
  MakeDue(id);
  WorkerProcess worker(WorkerArguments(id, 50));
  // Answered when both processes have had time to ask: the other's callers are under way, ours all
  // started.
  std::vector<std::string> answers(50);
  std::vector<std::thread> callers;
  worker.Go();
  for (std::string& answer : answers) {
    callers.emplace_back([&] {
      const AccessToken token = Check(Get(id), "get");
      answer = fmt::format("{} {}", token.version,
                           crypto::HexEncode(crypto::Sha256(token.token.Reveal())));
    });
  }
  for (std::thread& caller : callers) caller.join();
  const Lines others = worker.ReadLines();
  CHECK(worker.AwaitEnd() == 0);
  CHECK(others.size() == 50);
  std::set<std::string> all(answers.begin(), answers.end());
  all.insert(others.begin(), others.end());
  CHECK(all.size() == 1);
  CHECK(all.begin()->starts_with("2 "));
  CHECK(server.token_requests() == 1);
  CHECK(Journal(id) == Lines{"succeeded"});
}

TEST_CASE_METHOD(Fixture, "who waits for another process gets its token, and asks nobody") {
  const GrantId id = AddGrant();
  MakeDue(id);
  absl::Notification answer;
  server.OnToken([&](const std::string&) { answer.WaitForNotification(); });
  WorkerProcess worker(WorkerArguments(id, 1));
  worker.Go();
  server.AwaitCount("token", 1);  // it has the lease, and its request is under way
  std::string token;
  std::thread waiting([&] { token = Token(id); });
  answer.Notify();
  waiting.join();
  CHECK(worker.ReadLines() == Lines{"2 " + crypto::HexEncode(crypto::Sha256(token))});
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture, "a holder killed before it wrote down that it asks has used up nothing") {
  const GrantId id = AddGrant();
  MakeDue(id);
  Die(id, "leased");
  EndWaits(id);
  CHECK(server.IsLive(Token(id)));
  CHECK(Journal(id) == Lines{"succeeded"});
}

TEST_CASE_METHOD(
    Fixture,
    "a holder killed between journal and request is as one killed after it, and recovers") {
  const GrantId id = AddGrant();
  MakeDue(id);
  Die(id, "journaled");
  CHECK(server.token_requests() == 0);
  EndWaits(id);
  CHECK(server.IsLive(Token(id)));
  CHECK(Journal(id) == Lines{"unknown:no_answer_recorded", "succeeded"});
  CHECK(Load(id).state == GrantState::kActive);
}

TEST_CASE_METHOD(Fixture,
                 "a holder killed with the answer in hand: what is lost depends on the provider, "
                 "and is told as what it is") {
  SECTION("single use: the successor is lost, and known to be lost") {
    const GrantId id = AddGrant();
    MakeDue(id);
    Die(id, "answered");
    EndWaits(id);
    const absl::Status refused = Get(id).status();
    CHECK(ReasonOf(refused) == "NEEDS_REAUTH");
    CHECK(MetadataOf(refused, "class") == "lost_rotation");
    CHECK(Journal(id) == Lines{"unknown:no_answer_recorded", "failed:lost_rotation"});
    CHECK(server.token_requests() == 2);  // the stored token was tried once
  }
  SECTION("with a grace period nothing is lost") {
    const GrantId id = AddGrant(R"({"rotation":"grace","grace_seconds":1800})");
    server.Set([](ServerSwitches& s) { s.rules.rotation = ServerRotation::kGrace; });
    MakeDue(id);
    Die(id, "answered");
    EndWaits(id);
    CHECK(server.IsLive(Token(id)));
    CHECK(Load(id).state == GrantState::kActive);
  }
  SECTION("without rotation nothing is lost") {
    const GrantId id = AddGrant(R"({"rotation":"none"})");
    server.Set([](ServerSwitches& s) { s.rules.rotation = ServerRotation::kNone; });
    MakeDue(id);
    Die(id, "answered");
    EndWaits(id);
    CHECK(server.IsLive(Token(id)));
  }
}

TEST_CASE_METHOD(Fixture, "a holder killed when all is written has left nothing to do") {
  const GrantId id = AddGrant();
  MakeDue(id);
  Die(id, "written");
  CHECK(server.IsLive(Token(id)));
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture, "an answer that is lost: asked again at once where nothing is used up") {
  server.Set([](ServerSwitches& s) { s.dropped = 1; });
  SECTION("without rotation") {
    server.Set([](ServerSwitches& s) { s.rules.rotation = ServerRotation::kNone; });
    const GrantId id = AddGrant(R"({"rotation":"none"})");
    MakeDue(id);
    CHECK(server.IsLive(Token(id)));
    CHECK(Journal(id) == Lines{"unknown:provider_unavailable", "succeeded"});
  }
  SECTION("with a grace period") {
    server.Set([](ServerSwitches& s) { s.rules.rotation = ServerRotation::kGrace; });
    const GrantId id = AddGrant(R"({"rotation":"grace","grace_seconds":1800})");
    MakeDue(id);
    CHECK(server.IsLive(Token(id)));
    CHECK(Journal(id) == Lines{"unknown:provider_unavailable", "succeeded"});
  }
}

TEST_CASE_METHOD(Fixture,
                 "an answer that is lost: a single-use token is shown once more, when the first "
                 "request has surely ended") {
  const GrantId id = AddGrant();
  server.Set([](ServerSwitches& s) { s.dropped = 1; });
  MakeDue(id);
  const absl::Status first = Get(id).status();
  CHECK(ReasonOf(first) == "TOKEN_PROVIDER_UNAVAILABLE");
  CHECK(RetryAfterOf(first) > absl::Seconds(20));  // the lease
  CHECK(Load(id).leased());
  CHECK_FALSE(Get(id).ok());
  CHECK(server.token_requests() == 1);
  CHECK(Load(id).state == GrantState::kDegraded);
  EndWaits(id);
  CHECK(MetadataOf(Get(id).status(), "class") == "lost_rotation");
  CHECK_FALSE(Get(id).ok());
  CHECK(server.token_requests() == 2);
}

TEST_CASE_METHOD(Fixture,
                 "tokens that the database refuses wait on the disk, sealed, and are stored when "
                 "it takes them") {
  const GrantId id = AddGrant();
  std::atomic<bool> refuse = true;
  RefreshOptions options;
  options.at_step = [&](RefreshStep step) {
    if (step == RefreshStep::kAnswered && refuse)
      Execute("REVOKE UPDATE ON connector.oauth_grants FROM penstock_server");
  };
  const auto broken = MakeKit(options);
  MakeDue(id);
  const Use use = testing::UseOf(tenant.tenant, id);
  const absl::Status spooled = broken->refresher.Get(use, clock.Now() + absl::Seconds(20)).status();
  CHECK(ReasonOf(spooled) == "TOKEN_SPOOLED");
  CHECK(Spooled() == 1);
  for (const auto& entry : std::filesystem::directory_iterator(spool_directory)) {
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    CHECK(text.find("refresh") == std::string::npos);
    CHECK(text.find("access") == std::string::npos);
    CHECK((entry.status().permissions() & std::filesystem::perms::others_read) ==
          std::filesystem::perms::none);
  }
  CHECK_FALSE(broken->refresher.Replay().ok());  // still refused
  CHECK(Spooled() == 1);
  refuse = false;
  Execute("GRANT UPDATE ON connector.oauth_grants TO penstock_server");
  SECTION("at the next start") { CHECK(MakeKit()->refresher.Replay().ok()); }
  SECTION("when the token is asked for again, before anything is sent") {}
  SECTION("after the lease, which nobody has taken") { EndWaits(id); }
  const AccessToken token =
      Check(broken->refresher.Get(use, clock.Now() + absl::Seconds(60)), "get");
  CHECK(token.version == 2);
  CHECK(server.IsLive(std::string(token.token.Reveal())));
  CHECK(server.IsLiveRefreshToken(Secret(id, "refresh_token")));
  CHECK(server.token_requests() == 1);
  CHECK(Spooled() == 0);
  CHECK(Journal(id) == Lines{"succeeded"});
  CHECK(broken->refresher.Replay().ok());
}

TEST_CASE_METHOD(Fixture, "a file of the spool that was touched is not believed, and stays") {
  const GrantId id = AddGrant();
  RefreshOptions options;
  options.at_step = [&](RefreshStep step) {
    if (step == RefreshStep::kAnswered)
      Execute("REVOKE UPDATE ON connector.oauth_grants FROM penstock_server");
  };
  const auto broken = MakeKit(options);
  MakeDue(id);
  CHECK_FALSE(
      broken->refresher.Get(testing::UseOf(tenant.tenant, id), clock.Now() + absl::Seconds(20))
          .ok());
  Execute("GRANT UPDATE ON connector.oauth_grants TO penstock_server");
  const std::string path = std::filesystem::directory_iterator(spool_directory)->path();
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);
    file.put('!');
  }
  CHECK(absl::IsDataLoss(broken->refresher.Replay()));
  CHECK(Spooled() == 1);
  CHECK(Load(id).token_version == 1);
}

TEST_CASE_METHOD(
    Fixture,
    "every connection is cut while the provider answers, and the answer is stored nevertheless") {
  const GrantId id = AddGrant();
  RefreshOptions options;
  options.at_step = [&](RefreshStep step) {
    if (step == RefreshStep::kAnswered) {
      Count(
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = "
          "'penstock_server' AND datname = current_database()");
    }
  };
  const auto cut = MakeKit(options);
  MakeDue(id);
  CHECK(
      Check(cut->refresher.Get(testing::UseOf(tenant.tenant, id), clock.Now() + absl::Seconds(20)),
            "get")
          .version == 2);
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture,
                 "whatever goes wrong, no single-use token is sent twice while its first outcome "
                 "is known or may still come") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const GrantId id = AddGrant();
  int dropped = 0, refused = 0;
  for (int round = 0; round < 40; ++round) {
    const int fault = random() % 6;
    RefreshOptions options;
    if (fault == 3) {
      options.at_step = [&](RefreshStep step) {
        if (step != RefreshStep::kAnswered) return;
        ++refused;
        Execute("REVOKE UPDATE ON connector.oauth_grants FROM penstock_server");
      };
    }
    const auto faulty = MakeKit(options);
    server.Set([&](ServerSwitches& s) {
      s.dropped = fault == 0;
      s.unavailable = fault == 1;
      s.rate_limited = fault == 2;
    });
    dropped += fault == 0;
    MakeDue(id);
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&, i] {
        // One of them is another process.
        Refresher& asked = i % 2 == 0 && fault != 3 ? refresher() : faulty->refresher;
        (void)asked.Get(testing::UseOf(tenant.tenant, id), clock.Now() + absl::Seconds(20));
      });
    }
    for (std::thread& caller : callers) caller.join();
    if (fault == 4) {
      EndWaits(id);
      MakeDue(id);
      Die(id, round % 2 == 0 ? "leased" : "journaled");
    }
    server.Set([](ServerSwitches& s) { s.dropped = s.unavailable = s.rate_limited = 0; });
    Execute("GRANT UPDATE ON connector.oauth_grants TO penstock_server");
    CHECK(refresher().Replay().ok());
    EndWaits(id);
    if (!Get(id).ok()) {  // lost, which only a dropped answer can do
      REQUIRE(Load(id).state == GrantState::kNeedsReauth);
      REQUIRE(fault == 0);
      const testing::IssuedTokens again = server.Issue({"read"});
      TokenWriter writer(*kit().pool, kit().credentials);
      TokenWriter::Authorized authorized{
          .tenant = tenant.tenant, .grant = id, .sent_at = clock.Now()};
      authorized.answer.access_token = crypto::Secret(again.access_token);
      authorized.answer.refresh_token = crypto::Secret(again.refresh_token);
      Check(writer.StoreAuthorized(authorized, 0).status(), "authorize");
    }
  }
  CHECK(server.most_at_once() == 1);
  // Every request has its row, and after an outcome with tokens no other of that version was sent.
  CHECK(Count("SELECT count(*) FROM connector.refresh_attempts") >= server.token_requests());
  CHECK(Count("SELECT count(*) FROM connector.refresh_attempts a JOIN connector.refresh_attempts b "
              "USING (grant_id, token_version_used) "
              "WHERE a.state = 'succeeded' AND b.attempt_id > a.attempt_id") == 0);
  // Shown again was only what nobody had an answer to, once.
  CHECK(server.reuses() <= dropped);
}

}  // namespace
}  // namespace penstock::connector
