#include "services/migrate/migrate.h"

#include <catch2/catch.hpp>
#include <thread>

#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"

namespace penstock::migrate {
namespace {

using postgres::Role;
using testing::Check;
using testing::TestDatabase;
using testing::TestPostgres;

constexpr Migration kFirst{1, "0001_first", "aa", "CREATE TABLE public.one (x int)"};
constexpr Migration kSecond{2, "0002_second", "bb", "CREATE TABLE public.two (x int)"};
constexpr Migration kThird{3, "0003_third", "cc", "CREATE TABLE public.three (x int)"};
constexpr Migration kBroken{2, "0002_broken", "bb", "CREATE TABLE public.two (x int); SELECT 1 / 0"};

class Fixture {
 protected:
  absl::StatusOr<Report> Run(const std::vector<Migration>& migrations, Mode mode = Mode::kApply) {
    return Migrate(*database_.Connect(Role::kOwner), migrations, mode);
  }
  bool Exists(const std::string& table) {
    return Check(database_.ConnectAsSuperuser()->Execute(
                     {"exists", "SELECT to_regclass($1) IS NOT NULL"}, postgres::Params().Add(table)),
                 "look")
        .Get<bool>(0, 0);
  }
  void Corrupt(const std::string& sql) { Check(database_.ConnectAsSuperuser()->ExecuteScript(sql), sql); }

  TestDatabase database_{TestPostgres::Shared(), /*migrated=*/false};
};

TEST_CASE_METHOD(Fixture, "a run applies what is missing, and a second run nothing") {
  Report report = Check(Run({kFirst}), "first");
  CHECK(report.applied == std::vector<std::string>{"0001_first"});
  report = Check(Run({kFirst, kSecond, kThird}), "more");
  CHECK(report.from_version == 1);
  CHECK(report.to_version == 3);
  CHECK(report.applied == std::vector<std::string>{"0002_second", "0003_third"});
  CHECK(Check(Run({kFirst, kSecond, kThird}), "again").applied.empty());
}

TEST_CASE_METHOD(Fixture, "a migration that fails half-way leaves nothing of the whole run behind") {
  absl::Status status = Run({kFirst, kBroken, kThird}).status();
  CHECK(std::string(status.message()).find("0002_broken") != std::string::npos);
  CHECK_FALSE(Exists("public.one"));
  CHECK_FALSE(Exists("public.two"));
  CHECK_FALSE(Exists("public.schema_migrations"));
  CHECK(Run({kFirst, kSecond}).ok());
}

TEST_CASE_METHOD(Fixture, "a dry run says what it would do and does nothing") {
  Report report = Check(Run({kFirst}, Mode::kDryRun), "dry run");
  CHECK(report.applied.size() == 1);
  CHECK_FALSE(Exists("public.one"));
  CHECK_FALSE(Run({kFirst, kBroken}, Mode::kDryRun).ok());
}

TEST_CASE_METHOD(Fixture, "of several runs at once one does the work") {
  std::vector<absl::StatusOr<Report>> reports(4, absl::UnknownError("not run"));
  std::vector<std::thread> threads;
  for (auto& report : reports) {
    threads.emplace_back([&] { report = Run({kFirst, kSecond, kThird}); });
  }
  for (std::thread& thread : threads) thread.join();
  size_t applied = 0;
  for (const auto& report : reports) {
    REQUIRE(report.ok());
    applied += report->applied.size();
  }
  CHECK(applied == 3);
}

TEST_CASE_METHOD(Fixture, "a migration that was changed after it ran is refused") {
  Check(Run({kFirst}), "first");
  Migration changed = kFirst;
  changed.sha256 = "a0";
  absl::Status status = Run({changed, kSecond}).status();
  CHECK(ReasonOf(status) == "MIGRATION_CHANGED");
  CHECK_FALSE(Exists("public.two"));
}

TEST_CASE_METHOD(Fixture, "a history that is not the beginning of ours is refused") {
  Check(Run({kFirst, kSecond}), "first");
  SECTION("because the database knows more") { CHECK(ReasonOf(Run({kFirst}).status()) == "SCHEMA_NEWER"); }
  SECTION("because one has another name") {
    Corrupt("UPDATE schema_migrations SET name = '0002_other' WHERE version = 2");
    CHECK(ReasonOf(Run({kFirst, kSecond}).status()) == "MIGRATION_FOREIGN");
  }
  SECTION("because one is missing in between") {
    Corrupt("DELETE FROM schema_migrations WHERE version = 1");
    CHECK(ReasonOf(Run({kFirst, kSecond}).status()) == "MIGRATION_MISSING");
  }
}

TEST_CASE_METHOD(Fixture, "numbers with a gap are refused before anything runs") {
  CHECK(ReasonOf(Run({kFirst, kThird}).status()) == "MIGRATIONS_MISNUMBERED");
  CHECK_FALSE(Exists("public.one"));
}

TEST_CASE_METHOD(Fixture, "a migration that ends the transaction is an error") {
  Migration commits{1, "0001_commits", "aa", "SELECT 1; COMMIT"};
  CHECK(ReasonOf(Run({commits}).status()) == "MIGRATION_ENDS_TRANSACTION");
}

TEST_CASE_METHOD(Fixture, "a service refuses an older schema and takes a newer one") {
  auto verify = [&](const std::vector<Migration>& known) {
    return VerifySchemaVersion(*database_.Connect(Role::kServer), known);
  };
  CHECK(ReasonOf(verify({kFirst})) == "SCHEMA_OLDER");
  Check(Run({kFirst, kSecond}), "migrate");
  CHECK(verify({kFirst}).ok());
  CHECK(verify({kFirst, kSecond}).ok());
  CHECK(ReasonOf(verify({kFirst, kSecond, kThird})) == "SCHEMA_OLDER");
}

TEST_CASE("every service's role may ask for the version") {
  TestDatabase database;
  for (Role role : {Role::kAdmin, Role::kServer, Role::kEngine}) {
    CHECK(VerifySchemaVersion(*database.Connect(role)).ok());
  }
}

}  // namespace
}  // namespace penstock::migrate
