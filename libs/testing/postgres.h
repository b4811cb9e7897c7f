// A real PostgreSQL for tests: one private cluster per process, on a Unix socket only, with the real migrations in a template database that
// each test clones in about 50 ms.
//
//   testing::TestDatabase database;                               // of the process's shared cluster
//   auto pool = postgres::Pool::Create({.conninfo = database.Conninfo(postgres::Role::kServer)});
//
// A set-up that fails ends the process with a message: no test can go on without it.
#pragma once

#include <memory>
#include <string>

#include <sys/types.h>

#include "libs/postgres/connection.h"
#include "libs/postgres/role.h"

namespace penstock::testing {

class TestPostgres {
 public:
  enum class Durability { kFast, kFsync };

  // Starts a cluster and migrates its template database; gone with the object, or with the process.
  explicit TestPostgres(Durability durability = Durability::kFast);
  ~TestPostgres();
  TestPostgres(const TestPostgres&) = delete;
  TestPostgres& operator=(const TestPostgres&) = delete;

  // The cluster that the tests of this process share, started on first use. Tests that stop the server start one of their own.
  static TestPostgres& Shared();

  // A cluster's superuser, for what no role of Penstock may do.
  std::string SuperuserConninfo(const std::string& database = "postgres") const;
  std::string Conninfo(postgres::Role role, const std::string& database) const;

  // Disconnects everybody and stops in order.
  void Stop();
  // Ends every process of the server at once, as a crash does: the next start recovers from the write-ahead log.
  void Kill();
  void Start();

  // Makes an empty database owned by penstock_owner, without the migrations when `migrated` is false.
  std::string CreateDatabase(bool migrated = true);
  void DropDatabase(const std::string& name);

 private:
  void Initialize();
  void AwaitReady();

  const Durability durability_;
  std::string directory_;  // short: a socket's path is limited to about 100 characters
  pid_t server_ = -1;
  int databases_made_ = 0;
};

// A clone of the migrated template; dropped with the object.
class TestDatabase {
 public:
  explicit TestDatabase(TestPostgres& postgres = TestPostgres::Shared(), bool migrated = true);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  std::string Conninfo(postgres::Role role) const { return postgres_.Conninfo(role, name_); }
  std::string SuperuserConninfo() const { return postgres_.SuperuserConninfo(name_); }
  std::unique_ptr<postgres::Connection> Connect(postgres::Role role) const;
  std::unique_ptr<postgres::Connection> ConnectAsSuperuser() const;

 private:
  TestPostgres& postgres_;
  std::string name_;
};

}  // namespace penstock::testing
