#include "libs/testing/postgres.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/testing/check.h"
#include "libs/testing/process.h"
#include "services/migrate/bootstrap/roles.h"
#include "services/migrate/migrate.h"

namespace penstock::testing {
namespace {

using postgres::Connection;
using postgres::Role;

constexpr char kBinaries[] = "/usr/lib/postgresql/15/bin";
constexpr char kTemplate[] = "penstock_template";
constexpr absl::Duration kPatience = absl::Seconds(60);

std::string MakeDirectory() {
  char path[] = "/tmp/pgt-XXXXXX";
  if (mkdtemp(path) == nullptr) Fail("make a directory in /tmp", std::strerror(errno));
  UnprivilegedUser user = FindUnprivilegedUser();
  if (geteuid() == 0 && chown(path, user.uid, user.gid) != 0) Fail(path, std::strerror(errno));
  return path;
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::unique_ptr<Connection> Open(const std::string& conninfo) {
  return Check(Connection::Open(conninfo, kPatience), "connect to the test database");
}

}  // namespace

TestPostgres::TestPostgres(Durability durability)
    : durability_(durability), directory_(MakeDirectory()) {
  Initialize();
  Start();
  Check(migrate::EnsureRoles(*Open(SuperuserConninfo()), {}), "make the roles");
  Check(migrate::EnsureDatabase(*Open(SuperuserConninfo()), kTemplate), "make the template");
  Check(migrate::Migrate(*Open(Conninfo(Role::kOwner, kTemplate)), migrate::EmbeddedMigrations()),
        "migrate the template");
}

TestPostgres::~TestPostgres() {
  if (server_ > 0) Stop();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

TestPostgres& TestPostgres::Shared() {
  static TestPostgres shared;
  return shared;
}

std::string TestPostgres::SuperuserConninfo(const std::string& database) const {
  return fmt::format("host={} port=5432 user=postgres dbname={}", directory_, database);
}

std::string TestPostgres::Conninfo(Role role, const std::string& database) const {
  return fmt::format("host={} port=5432 user={} dbname={}", directory_, postgres::RoleName(role),
                     database);
}

void TestPostgres::Initialize() {
  const std::string log = directory_ + "/initdb.log";
  pid_t initdb = Spawn({fmt::format("{}/initdb", kBinaries), "--pgdata", directory_ + "/data", "--username",
                        "postgres", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale",
                        "C.UTF-8"},
                       log);
  if (AwaitExit(initdb) != 0) Fail("initdb", ReadAll(log));
}

void TestPostgres::Start() {
  const char* on_or_off = durability_ == Durability::kFsync ? "on" : "off";
  std::vector<std::string> arguments = {fmt::format("{}/postgres", kBinaries), "-D", directory_ + "/data"};
  for (const std::string& setting :
       {std::string("listen_addresses="), "unix_socket_directories=" + directory_,
        std::string("max_connections=100"), std::string("shared_buffers=64MB"),
        std::string("max_wal_size=512MB"), std::string("log_min_messages=warning"),
        fmt::format("fsync={}", on_or_off), fmt::format("full_page_writes={}", on_or_off),
        // With fsync off a commit need not wait for the operating system either.
        fmt::format("synchronous_commit={}", on_or_off)}) {
    arguments.push_back("-c");
    arguments.push_back(setting);
  }
  server_ = Spawn(arguments, directory_ + "/server.log");
  AwaitReady();
}

// The server tells nobody that it is ready, so we ask.
void TestPostgres::AwaitReady() {
  absl::Time deadline = absl::Now() + kPatience;
  while (absl::Now() < deadline) {
    if (Connection::Open(SuperuserConninfo(), absl::Seconds(5)).ok()) return;
    absl::SleepFor(absl::Milliseconds(5));
  }
  Fail("start PostgreSQL", ReadAll(directory_ + "/server.log"));
}

void TestPostgres::Stop() {
  kill(server_, SIGINT);  // "fast shutdown"
  AwaitExit(server_);
  server_ = -1;
}

void TestPostgres::Kill() {
  KillWithChildren(server_);
  server_ = -1;
  // Its parting would have removed this; a new server believes the pid in it if another process got that number.
  std::error_code ignored;
  std::filesystem::remove(directory_ + "/data/postmaster.pid", ignored);
}

std::string TestPostgres::CreateDatabase(bool migrated) {
  std::string name = fmt::format("test_{}", ++databases_made_);
  Check(Open(SuperuserConninfo())
            ->ExecuteScript(fmt::format("CREATE DATABASE {} TEMPLATE {} OWNER penstock_owner STRATEGY FILE_COPY",
                                        name, migrated ? kTemplate : "template0")),
        "clone the template");
  return name;
}

void TestPostgres::DropDatabase(const std::string& name) {
  if (server_ < 0) return;
  Check(Open(SuperuserConninfo())->ExecuteScript(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)),
        "drop a test database");
}

TestDatabase::TestDatabase(TestPostgres& postgres, bool migrated)
    : postgres_(postgres), name_(postgres.CreateDatabase(migrated)) {}

TestDatabase::~TestDatabase() { postgres_.DropDatabase(name_); }

std::unique_ptr<Connection> TestDatabase::Connect(Role role) const { return Open(Conninfo(role)); }

std::unique_ptr<Connection> TestDatabase::ConnectAsSuperuser() const {
  return Open(SuperuserConninfo());
}

}  // namespace penstock::testing
