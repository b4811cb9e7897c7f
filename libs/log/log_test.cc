#include "libs/log/log.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/crypto/secret.h"
#include "libs/log/rate_limit.h"
#include "libs/log/sink.h"

namespace penstock::log {
namespace {

static_assert(!std::is_constructible_v<Field, std::string_view, const crypto::Secret&>,
              "a secret is not a field");
static_assert(!std::is_constructible_v<Message, const std::string&>, "a message is a constant");

using Json = nlohmann::json;

// The lines that `act` logs, each parsed as JSON.
template <typename Act>
std::vector<Json> LinesOf(Act act, Level level = Level::kDebug) {
  std::vector<Json> lines;
  ScopedCapture capture([&](std::string_view line) { lines.push_back(Json::parse(line)); }, level);
  act();
  return lines;
}

TEST_CASE("a line has time, level, service, message and typed fields") {
  auto lines = LinesOf([] {
    Warning("connection lost", {{"attempt", 3},
                                {"fatal", false},
                                {"ratio", 0.5},
                                {"host", "db"},
                                {"pause", absl::Milliseconds(1500)},
                                {"status", absl::UnavailableError("gone")}});
  });
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["level"] == "warning");
  CHECK(lines[0]["message"] == "connection lost");
  CHECK(lines[0].contains("time"));
  CHECK(lines[0].contains("service"));
  CHECK(lines[0]["attempt"] == 3);
  CHECK(lines[0]["fatal"] == false);
  CHECK(lines[0]["ratio"] == 0.5);
  CHECK(lines[0]["host"] == "db");
  CHECK(lines[0]["pause"] == 1.5);
  CHECK(lines[0]["status"] == "UNAVAILABLE: gone");
}

TEST_CASE("lines below the level are not written") {
  auto lines = LinesOf(
      [] {
        Info("quiet");
        Error("loud");
      },
      Level::kWarning);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["message"] == "loud");
}

TEST_CASE("fields that sound secret are hidden, their ids are not") {
  auto lines = LinesOf([] {
    Info("x", {{"password", "p1"},
               {"Authorization", "p2"},
               {"refresh_token", "p3"},
               {"client-secret", "p4"},
               {"X-Api-Key", "p5"},
               {"api_key_id", "shown"}});
  });
  for (const char* name :
       {"password", "Authorization", "refresh_token", "client-secret", "X-Api-Key"}) {
    CHECK(lines[0][name] == "***");
  }
  CHECK(lines[0]["api_key_id"] == "shown");
}

TEST_CASE("hostile text stays one valid line of JSON") {
  std::string hostile = "a\"b\\c\nd\x01\xff\xc0\x80";
  auto lines = LinesOf([&] { Info("x", {{"text", hostile}}); });
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["text"].get<std::string>().starts_with("a\"b\\c\nd\x01\xEF\xBF\xBD"));
}

TEST_CASE("well-formed UTF-8 is kept and long text is cut") {
  auto lines = LinesOf([&] {
    Info("x", {{"text", "grün 🜁"}, {"long", std::string(100'000, 'x')}});
  });
  CHECK(lines[0]["text"] == "grün 🜁");
  CHECK(lines[0]["long"].get<std::string>().size() == 8 << 10);
}

TEST_CASE("ids of the call at hand are on its lines, and inner ones win") {
  TenantId tenant = TenantId::Make(absl::Now());
  auto lines = LinesOf([&] {
    ScopedIds outer("aaaa", tenant, "r1");
    Info("outer");
    {
      ScopedIds inner("bbbb", TenantId());
      Info("inner");
    }
    Info("outer again");
  });
  CHECK(lines[0]["trace_id"] == "aaaa");
  CHECK(lines[0]["tenant_id"] == tenant.ToString());
  CHECK(lines[0]["request_id"] == "r1");
  CHECK(lines[1]["trace_id"] == "bbbb");
  CHECK_FALSE(lines[1].contains("tenant_id"));
  CHECK(lines[2]["trace_id"] == "aaaa");
}

TEST_CASE("a number that JSON can't write becomes text") {
  auto lines = LinesOf([] { Info("x", {{"value", HUGE_VAL}}); });
  CHECK(lines[0]["value"] == "inf");
}

TEST_CASE("a rate limit passes the first of a period and counts the rest") {
  RateLimit limit(absl::Seconds(10));
  absl::Time start = absl::FromUnixSeconds(1'000);
  CHECK(limit.Pass(start) == 0);
  CHECK_FALSE(limit.Pass(start + absl::Seconds(1)).has_value());
  CHECK_FALSE(limit.Pass(start + absl::Seconds(9)).has_value());
  CHECK(limit.Pass(start + absl::Seconds(10)) == 2);
}

}  // namespace
}  // namespace penstock::log
