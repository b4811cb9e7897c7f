#include "libs/postgres/settings.h"

#include <catch2/catch.hpp>

#include <map>

#include "libs/postgres/conninfo.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"

namespace penstock::postgres {
namespace {

using testing::Check;
using Environment = std::map<std::string, std::string, std::less<>>;

absl::StatusOr<PoolOptions> Read(Role role, const Environment& environment) {
  return ReadPoolOptions(role, [&](std::string_view name) -> std::optional<std::string> {
    auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  });
}

Conninfo Place(Role role, const Environment& environment) {
  return Check(ParseConninfo(Check(Read(role, environment), "settings").conninfo), "conninfo");
}

TEST_CASE("the defaults are a local database and the role's own user") {
  Conninfo place = Place(Role::kEngine, {{"DB_PASSWORD_ENGINE", "x"}});
  CHECK(place["host"] == "localhost");
  CHECK(place["port"] == "5432");
  CHECK(place["dbname"] == "penstock");
  CHECK(place["user"] == "penstock_engine");
}

TEST_CASE("each role has a user and password of its own") {
  Environment both = {{"DB_USER_SERVER", "app"}, {"DB_PASSWORD_SERVER", "one"},
                      {"DB_USER_ADMIN", "boss"}, {"DB_PASSWORD_ADMIN", "two"}};
  CHECK(Place(Role::kServer, both)["user"] == "app");
  CHECK(Place(Role::kServer, both)["password"] == "one");
  CHECK(Place(Role::kAdmin, both)["user"] == "boss");
  CHECK(Place(Role::kAdmin, both)["password"] == "two");
}

TEST_CASE("a password survives every character") {
  const std::string password = "a'b\\c d=e\"";
  CHECK(Place(Role::kServer, {{"DB_PASSWORD_SERVER", password}})["password"] == password);
}

TEST_CASE("DATABASE_URL stands for the place, and for the server's user only") {
  Environment url = {{"DATABASE_URL", "postgres://app:one@db.example:6432/main?sslmode=require"},
                     {"DB_PASSWORD_ADMIN", "two"}};
  Conninfo server = Place(Role::kServer, url);
  CHECK(server["host"] == "db.example");
  CHECK(server["port"] == "6432");
  CHECK(server["dbname"] == "main");
  CHECK(server["sslmode"] == "require");
  CHECK(server["user"] == "app");
  CHECK(server["password"] == "one");
  Conninfo admin = Place(Role::kAdmin, url);
  CHECK(admin["host"] == "db.example");
  CHECK(admin["user"] == "penstock_admin");
  CHECK(admin["password"] == "two");
}

TEST_CASE("a network connection without a password is refused, a socket without one is not") {
  absl::Status status = Read(Role::kServer, {{"DB_HOST", "db.example"}}).status();
  REQUIRE(ViolationsOf(status).size() == 1);
  CHECK(ViolationsOf(status)[0].field == "DB_PASSWORD_SERVER");
  CHECK(Read(Role::kServer, {{"DB_HOST", "/run/postgresql"}}).ok());
}

TEST_CASE("of a list of hosts none may be reached over the network without a password") {
  CHECK(Read(Role::kServer, {{"DB_HOST", "/run/a,/run/b"}}).ok());
  CHECK_FALSE(Read(Role::kServer, {{"DB_HOST", "/run/a,db.example"}}).ok());
  CHECK(Place(Role::kServer, {{"DB_HOST", "/run/a,/run/b"}})["host"] == "/run/a,/run/b");
}

TEST_CASE("a list of hosts is taken apart with its ports") {
  std::vector<Conninfo> hosts = OneForEachHost({{"host", "a,b"}, {"port", "5432"}, {"user", "me"}});
  REQUIRE(hosts.size() == 2);
  CHECK(hosts[0] == Conninfo{{"host", "a"}, {"port", "5432"}, {"user", "me"}});
  CHECK(hosts[1] == Conninfo{{"host", "b"}, {"port", "5432"}, {"user", "me"}});
  hosts = OneForEachHost(Check(ParseConninfo("postgres://a:1,b:2/main"), "parse"));
  REQUIRE(hosts.size() == 2);
  CHECK(hosts[0]["port"] == "1");
  CHECK(hosts[1]["host"] == "b");
  CHECK(hosts[1]["port"] == "2");
  CHECK(OneForEachHost({{"user", "me"}}).size() == 1);
}

TEST_CASE("sessions are our own unless a pooler of transactions is said to be there") {
  CHECK(Check(Read(Role::kServer, {{"DB_HOST", "/run"}}), "none").session == Session::kOwn);
  CHECK(Check(Read(Role::kServer, {{"DB_HOST", "/run"}, {"DB_POOLER", "transaction"}}), "one").session == Session::kShared);
  absl::Status status = Read(Role::kServer, {{"DB_HOST", "/run"}, {"DB_POOLER", "session"}}).status();
  REQUIRE(ViolationsOf(status).size() == 1);
  CHECK(ViolationsOf(status)[0].field == "DB_POOLER");
}

TEST_CASE("connect options, which set up a session, are refused where there is none to keep") {
  const char* url = "postgres://app:one@db.example/main?options=-c%20jit%3Doff";
  CHECK(Read(Role::kServer, {{"DATABASE_URL", url}}).ok());
  absl::Status status = Read(Role::kServer, {{"DATABASE_URL", url}, {"DB_POOLER", "transaction"}}).status();
  REQUIRE(ViolationsOf(status).size() == 1);
  CHECK(ViolationsOf(status)[0].field == "DATABASE_URL");
}

TEST_CASE("every wrong setting is named at once") {
  absl::Status status = Read(Role::kServer, {{"DB_PASSWORD_SERVER", "x"},
                                             {"DB_PORT", "5432x"},
                                             {"DB_POOL_MIN", "20"},
                                             {"DB_POOL_MAX", "5"},
                                             {"DB_POOL_ACQUIRE_TIMEOUT", "5"},
                                             {"DB_SSLMODE", "maybe"}})
                            .status();
  std::vector<std::string> names;
  for (const FieldViolation& violation : ViolationsOf(status)) names.push_back(violation.field);
  CHECK(names == std::vector<std::string>{"DB_PORT", "DB_SSLMODE", "DB_POOL_MIN", "DB_POOL_ACQUIRE_TIMEOUT"});
}

TEST_CASE("what is wrong with several roles is named at once") {
  const Lookup lookup = [](std::string_view name) -> std::optional<std::string> {
    return name == "DB_HOST" ? std::optional<std::string>("db.example") : std::nullopt;
  };
  const absl::Status status = CheckPoolOptions({Role::kServer, Role::kAdmin}, lookup);
  REQUIRE(ViolationsOf(status).size() == 2);
  CHECK(ViolationsOf(status)[0].field == "DB_PASSWORD_SERVER");
  CHECK(ViolationsOf(status)[1].field == "DB_PASSWORD_ADMIN");
}

TEST_CASE("a DATABASE_URL that can't be parsed is refused without repeating it") {
  absl::Status status = Read(Role::kServer, {{"DATABASE_URL", "postgres://me:hunter2%zz@/x"}}).status();
  CHECK(ViolationsOf(status)[0].field == "DATABASE_URL");
  CHECK(status.ToString().find("hunter2") == std::string::npos);
}

TEST_CASE("the pool's bounds and patience are read") {
  PoolOptions options = Check(Read(Role::kServer, {{"DB_PASSWORD_SERVER", "x"},
                                                   {"DB_POOL_MIN", "2"},
                                                   {"DB_POOL_MAX", "7"},
                                                   {"DB_POOL_ACQUIRE_TIMEOUT", "250ms"}}),
                              "settings");
  CHECK(options.min_connections == 2);
  CHECK(options.max_connections == 7);
  CHECK(options.acquire_timeout == absl::Milliseconds(250));
}

}  // namespace
}  // namespace penstock::postgres
