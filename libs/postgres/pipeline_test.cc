#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "libs/postgres/connection.h"
#include "libs/postgres/conninfo.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"

namespace penstock::postgres {
namespace {

using testing::Check;
using testing::TestDatabase;
using testing::TestPostgres;

constexpr Statement kInsert{"insert", "INSERT INTO numbers VALUES ($1)"};
constexpr Statement kDivide{"divide", "SELECT 1 / $1::int"};
constexpr Statement kCount{"count", "SELECT count(*) FROM numbers"};
constexpr Statement kTrue{"truth", "SELECT true"};

class Fixture {
 protected:
  explicit Fixture(TestPostgres& postgres = TestPostgres::Shared())
      : database_(postgres, /*migrated=*/false), connection_(database_.ConnectAsSuperuser()) {
    Check(connection_->ExecuteScript("CREATE TABLE numbers (n int CONSTRAINT numbers_unique UNIQUE DEFERRABLE)"),
          "create a table");
  }
  int64_t Count() {
    return Check(database_.ConnectAsSuperuser()->Execute(kCount), "count").Get<int64_t>(0, 0);
  }

  TestDatabase database_;
  std::unique_ptr<Connection> connection_;
};

TEST_CASE_METHOD(Fixture, "results come in the order their statements were added") {
  Pipeline pipeline;
  for (int32_t n = 1; n <= 50; ++n) pipeline.Add({"echo", "SELECT $1::int"}, Params().Add(n));
  std::vector<Result> results = Check(pipeline.Run(*connection_), "run");
  REQUIRE(results.size() == 50);
  for (int n = 1; n <= 50; ++n) CHECK(results[n - 1].Get<int32_t>(0, 0) == n);
}

TEST_CASE_METHOD(Fixture, "a pipeline may be run again, and be filled further") {
  Pipeline pipeline;
  pipeline.Add(kTrue);
  CHECK(Check(pipeline.Run(*connection_), "first").size() == 1);
  pipeline.Add(kInsert, Params().Add(1));
  CHECK(Check(pipeline.Run(*connection_), "more").size() == 2);
  CHECK(absl::IsAlreadyExists(pipeline.Run(*connection_).status()));
  CHECK(Count() == 1);
}

TEST_CASE_METHOD(Fixture, "a failed transaction in a pipeline leaves nothing and a usable connection") {
  Pipeline pipeline;
  pipeline.Add(kBegin);
  pipeline.Add(kInsert, Params().Add(1));
  pipeline.Add(kDivide, Params().Add(0));
  pipeline.Add(kInsert, Params().Add(2));
  pipeline.Add(kCommit);
  absl::Status status = pipeline.Run(*connection_).status();
  CHECK(absl::IsInvalidArgument(status));
  CHECK(MetadataOf(status, "statement") == "divide");
  CHECK_FALSE(connection_->in_transaction());
  CHECK(connection_->healthy());
  CHECK(Count() == 0);
  Check(connection_->Execute(kInsert, Params().Add(3)), "the next statement");
  CHECK(Count() == 1);
}

TEST_CASE_METHOD(Fixture, "a pipeline that fails inside a transaction of its caller leaves it to the caller") {
  Check(connection_->Execute(kBegin), "begin");
  CHECK_FALSE(connection_->Execute(kDivide, Params().Add(0)).ok());
  CHECK(connection_->in_transaction());
  Check(connection_->Execute(kRollback), "rollback");
  CHECK_FALSE(connection_->in_transaction());
}

TEST_CASE_METHOD(Fixture, "statements after a failed one are prepared afresh when they are used again") {
  Pipeline pipeline;
  pipeline.Add(kDivide, Params().Add(0));
  pipeline.Add(kTrue);
  CHECK_FALSE(pipeline.Run(*connection_).ok());
  CHECK(Check(connection_->Execute(kTrue), "the skipped one").Get<bool>(0, 0));
}

TEST_CASE_METHOD(Fixture, "without a transaction a pipeline commits as one") {
  Pipeline pipeline;
  pipeline.Add(kInsert, Params().Add(1));
  pipeline.Add(kDivide, Params().Add(0));
  CHECK_FALSE(pipeline.Run(*connection_).ok());
  CHECK(Count() == 0);
}

TEST_CASE_METHOD(Fixture, "COMMIT of a failed transaction is an error, though PostgreSQL calls it a success") {
  Check(connection_->Execute(kBegin), "begin");
  CHECK_FALSE(connection_->Execute(kDivide, Params().Add(0)).ok());
  absl::Status status = connection_->Execute(kCommit).status();
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(ReasonOf(status) == "TRANSACTION_FAILED");
}

TEST_CASE_METHOD(Fixture, "a deferred constraint refuses at COMMIT, and that is not in doubt") {
  Pipeline pipeline;
  pipeline.Add(kBegin);
  pipeline.Add({"defer", "SET CONSTRAINTS ALL DEFERRED"});
  pipeline.Add(kInsert, Params().Add(1));
  pipeline.Add(kInsert, Params().Add(1));
  pipeline.Add(kCommit);
  absl::Status status = pipeline.Run(*connection_).status();
  CHECK(absl::IsAlreadyExists(status));
  CHECK(ConstraintOf(status) == "numbers_unique");
  CHECK(Count() == 0);
}

TEST_CASE_METHOD(Fixture, "large pipelines do not block on full buffers") {
  const std::string megabyte(1 << 20, 'x');
  Pipeline pipeline;
  for (int i = 0; i < 24; ++i) pipeline.Add({"echo_text", "SELECT $1::text"}, Params().Add(megabyte));
  std::vector<Result> results = Check(pipeline.Run(*connection_), "run");
  CHECK(results.back().Get<std::string_view>(0, 0).size() == megabyte.size());
}

// What tells that nothing was left behind: another client on the same session.
class SharedSession : protected Fixture {
 protected:
  SharedSession()
      : shared_(Check(Connection::Open(database_.SuperuserConninfo(), absl::Seconds(30), Session::kShared, {{"jit", "off"}, {"work_mem", "7MB"}}),
                      "connect")) {}
  std::string Setting(const char* name) {
    return Check(shared_->Execute({"setting", "SELECT current_setting($1)"}, Params().Add(name)), name).Get<std::string>(0, 0);
  }
  std::unique_ptr<Connection> shared_;
};

TEST_CASE_METHOD(SharedSession, "on a shared session no statement stays prepared") {
  constexpr Statement kPrepared{"prepared", "SELECT count(*) FROM pg_prepared_statements"};
  for (int32_t n = 1; n <= 3; ++n) {
    CHECK(Check(shared_->Execute({"echo", "SELECT $1::int"}, Params().Add(n)), "echo").Get<int32_t>(0, 0) == n);
  }
  CHECK(Check(shared_->Execute(kPrepared), "look").Get<int64_t>(0, 0) == 0);
}

TEST_CASE_METHOD(SharedSession, "on a shared session settings hold for the transaction, and no longer") {
  const std::string before = Setting("work_mem");
  Pipeline pipeline;
  pipeline.Add(kBegin);
  pipeline.Add({"setting", "SELECT current_setting($1)"}, Params().Add("work_mem"));
  pipeline.Add(kCommit);
  std::vector<Result> results = Check(pipeline.Run(*shared_), "run");
  // As many results as statements were added: what we add ourselves is nobody's business.
  REQUIRE(results.size() == 3);
  CHECK(results[1].Get<std::string>(0, 0) == "7MB");
  CHECK(Setting("work_mem") == before);
  Check(shared_->Execute(kBegin), "begin");
  CHECK(Setting("work_mem") == "7MB");
  CHECK(Setting("statement_timeout") == "0");
  Check(shared_->Execute(kRollback), "rollback");
  CHECK(Setting("work_mem") == before);
}

TEST_CASE_METHOD(SharedSession, "on a shared session a failed transaction leaves nothing and a usable connection") {
  Pipeline pipeline;
  pipeline.Add(kBegin);
  pipeline.Add(kInsert, Params().Add(1));
  pipeline.Add(kDivide, Params().Add(0));
  pipeline.Add(kCommit);
  CHECK(absl::IsInvalidArgument(pipeline.Run(*shared_).status()));
  CHECK_FALSE(shared_->in_transaction());
  CHECK(shared_->healthy());
  CHECK(Count() == 0);
}

TEST_CASE_METHOD(Fixture, "settings asked for at connecting hold on a session of our own") {
  auto connection = Check(Connection::Open(database_.SuperuserConninfo(), absl::Seconds(30), Session::kOwn, {{"work_mem", "7MB"}}), "connect");
  constexpr Statement kSettings{"settings", "SELECT current_setting('work_mem'), current_setting('TimeZone')"};
  Result row = Check(connection->Execute(kSettings), "settings");
  CHECK(row.Get<std::string>(0, 0) == "7MB");
  CHECK(row.Get<std::string>(0, 1) == "UTC");
}

// A server of its own, whose COMMIT waits in a deferred trigger for a lock that `holder` has.
class SlowCommit : protected Fixture {
 protected:
  SlowCommit() : Fixture(Own()) {
    Check(connection_->ExecuteScript(R"sql(
      CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON numbers DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION wait();)sql"),
          "create a trigger");
    holder_ = database_.ConnectAsSuperuser();
    Check(holder_->ExecuteScript("SELECT pg_advisory_lock(1)"), "hold the lock");
  }
  static TestPostgres& Own() {
    static TestPostgres own;
    return own;
  }
  // Returns when a backend waits for the lock, hence in COMMIT.
  void AwaitCommit() {
    constexpr Statement kWaiting{"waiting", "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"};
    while (!Check(holder_->Execute(kWaiting), "look").Get<bool>(0, 0)) {
    }
  }
  absl::Status InsertInTransaction() {
    Pipeline pipeline;
    pipeline.Add(kBegin);
    pipeline.Add(kInsert, Params().Add(1));
    pipeline.Add(kCommit);
    return pipeline.Run(*connection_).status();
  }
  std::unique_ptr<Connection> holder_;
};

TEST_CASE_METHOD(SlowCommit, "a connection lost during COMMIT leaves it in doubt") {
  std::thread killer([&] {
    AwaitCommit();
    Own().Kill();
  });
  absl::Status status = InsertInTransaction();
  killer.join();
  CHECK(status.code() == absl::StatusCode::kUnknown);
  CHECK(ReasonOf(status) == kCommitInDoubt);
  CHECK_FALSE(connection_->healthy());
  Own().Start();
}

// Stands between a client and the server, and hangs up on the client behind the answer to its COMMIT.
class HangsUpAfterCommit {
 public:
  explicit HangsUpAfterCommit(std::string server) : server_(std::move(server)) {
    REQUIRE(mkdtemp(directory_) != nullptr);
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = Address(directory_);
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(listen(listener_, 1) == 0);
    thread_ = std::thread([this] { Serve(); });
  }
  ~HangsUpAfterCommit() {
    thread_.join();
    close(listener_);
    std::filesystem::remove_all(directory_);
  }
  std::string host() const { return directory_; }

 private:
  static sockaddr_un Address(const std::string& directory) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    (directory + "/.s.PGSQL.5432").copy(address.sun_path, sizeof(address.sun_path) - 1);
    return address;
  }
  void Serve() {
    int client = accept(listener_, nullptr, nullptr);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = Address(server_);
    if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) Forward(client, server);
    close(client);
    close(server);
  }
  static void Forward(int client, int server) {
    pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    char bytes[16384];
    while (poll(ends, 2, -1) > 0) {
      for (int from : {0, 1}) {
        if (ends[from].revents == 0) continue;
        ssize_t size = read(ends[from].fd, bytes, sizeof(bytes));
        if (size <= 0) return;
        constexpr std::string_view kAnswer("COMMIT\0", 7);
        size_t answer = from == 1 ? std::string_view(bytes, size).find(kAnswer) : std::string_view::npos;
        if (answer != std::string_view::npos) size = answer + kAnswer.size();
        if (write(ends[1 - from].fd, bytes, size) != size || answer != std::string_view::npos) return;
      }
    }
  }

  char directory_[20] = "/tmp/pgx-XXXXXX";
  const std::string server_;
  int listener_;
  std::thread thread_;
};

TEST_CASE_METHOD(Fixture, "a connection lost behind the answer to COMMIT has committed") {
  Conninfo place = Check(ParseConninfo(database_.SuperuserConninfo()), "parse");
  HangsUpAfterCommit between(place["host"]);
  place["host"] = between.host();
  auto connection = Check(Connection::Open(ToString(place), absl::Seconds(30)), "connect");
  Pipeline pipeline;
  pipeline.Add(kBegin);
  pipeline.Add(kInsert, Params().Add(1));
  pipeline.Add(kCommit);
  CHECK(Check(pipeline.Run(*connection), "run").size() == 3);
  CHECK_FALSE(connection->CheckAlive());
  CHECK(Count() == 1);
}

TEST_CASE_METHOD(Fixture, "a connection lost before COMMIT was sent is not in doubt") {
  auto other = database_.ConnectAsSuperuser();
  Check(connection_->Execute(kBegin), "begin");
  Check(other->ExecuteScript("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                             "WHERE pid <> pg_backend_pid() AND datname = current_database()"),
        "terminate");
  absl::Status status = connection_->Execute(kInsert, Params().Add(1)).status();
  CHECK(absl::IsUnavailable(status));
  CHECK(ReasonOf(status) == kConnectionLost);
  CHECK_FALSE(connection_->healthy());
  CHECK(absl::IsUnavailable(connection_->Execute(kTrue).status()));
}

}  // namespace
}  // namespace penstock::postgres
