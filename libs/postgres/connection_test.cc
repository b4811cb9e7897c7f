#include "libs/postgres/connection.h"

#include <libpq-fe.h>

#include <catch2/catch.hpp>
#include <thread>

#include "absl/time/clock.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"

namespace penstock::postgres {
namespace {

using testing::Check;
using testing::TestDatabase;
using testing::TestPostgres;

std::unique_ptr<Connection> Connect() {
  static TestDatabase database(TestPostgres::Shared(), /*migrated=*/false);
  return database.ConnectAsSuperuser();
}

// What the server gives back for $1, cast to `type`.
template <typename T, typename Value>
T Echo(Connection& connection, const std::string& type, Value&& value) {
  std::string sql = "SELECT $1::" + type;
  return Check(connection.Execute({"echo", sql.c_str()}, Params().Add(std::forward<Value>(value))), sql)
      .template Get<T>(0, 0);
}

TEST_CASE("values come back as they were sent") {
  auto connection = Connect();
  Connection& c = *connection;
  const Uuid id = Uuid::MakeV7(absl::Now());
  const absl::Time time = absl::FromUnixMicros(1'700'000'000'123'456);
  CHECK(Echo<bool>(c, "bool", true));
  CHECK_FALSE(Echo<bool>(c, "bool", false));
  CHECK(Echo<int16_t>(c, "int2", int16_t{-7}) == -7);
  CHECK(Echo<int32_t>(c, "int4", INT32_MIN) == INT32_MIN);
  CHECK(Echo<int64_t>(c, "int8", INT64_MAX) == INT64_MAX);
  CHECK(Echo<double>(c, "float8", -1.5e300) == -1.5e300);
  CHECK(Echo<std::string>(c, "text", "naïve 'quote' \\ 漢") == "naïve 'quote' \\ 漢");
  CHECK(Echo<std::string>(c, "text", std::string()).empty());
  CHECK(Echo<Uuid>(c, "uuid", id) == id);
  CHECK(Echo<WorkflowId>(c, "uuid", WorkflowId(id)) == WorkflowId(id));
  CHECK(Echo<absl::Time>(c, "timestamptz", time) == time);
  CHECK(Echo<absl::Time>(c, "timestamptz", absl::InfiniteFuture()) == absl::InfiniteFuture());
  CHECK(Echo<absl::Time>(c, "timestamptz", absl::InfinitePast()) == absl::InfinitePast());
  CHECK(Echo<std::string>(c, "json", Json{"{\"b\" : 1, \"a\":2}"}) == "{\"b\" : 1, \"a\":2}");
  CHECK(Echo<std::string>(c, "jsonb", Jsonb{"{\"b\" : 1}"}) == "{\"b\": 1}");
  CHECK(Echo<std::string>(c, "bytea", Bytes{std::string_view("\0\xff", 2)}) == std::string("\0\xff", 2));
}

TEST_CASE("the server reads times and numbers as meant, not only gives back the same bytes") {
  auto connection = Connect();
  const absl::Time time = absl::FromUnixMicros(1'700'000'000'123'456);
  CHECK(Echo<std::string>(*connection, "timestamptz::text", time) == "2023-11-14 22:13:20.123456+00");
  CHECK(Echo<std::string>(*connection, "timestamptz::text", absl::FromUnixMicros(-1)) ==
        "1969-12-31 23:59:59.999999+00");
  CHECK(Echo<std::string>(*connection, "int8::text", int64_t{-2}) == "-2");
  CHECK(Echo<std::string>(*connection, "float8::text", 0.1) == "0.1");
}

TEST_CASE("an absent value is NULL, and NULL reads as absent") {
  auto connection = Connect();
  CHECK(Echo<std::optional<int32_t>>(*connection, "int4", std::optional<int32_t>()) == std::nullopt);
  CHECK(Echo<std::optional<int32_t>>(*connection, "int4", std::optional<int32_t>(3)) == 3);
  CHECK(Echo<std::optional<UserId>>(*connection, "uuid", std::optional<UserId>()) == std::nullopt);
  CHECK(Echo<std::optional<std::string>>(*connection, "text", std::optional<std::string>("")) == "");
}

template <typename T, typename Fill>
std::string ArrayAsText(Connection& connection, const std::string& type, Fill fill) {
  Array<T> array;
  fill(array);
  return Echo<std::string>(connection, type + "[]::text", std::move(array));
}

TEST_CASE("arrays of every element type are understood by the server") {
  auto connection = Connect();
  Connection& c = *connection;
  CHECK(ArrayAsText<bool>(c, "bool", [](auto& a) { a.Append(true); a.Append(false); }) == "{t,f}");
  CHECK(ArrayAsText<int16_t>(c, "int2", [](auto& a) { a.Append(1); a.Append(-1); }) == "{1,-1}");
  CHECK(ArrayAsText<int32_t>(c, "int4", [](auto& a) { a.Append(1); a.AppendNull(); }) == "{1,NULL}");
  CHECK(ArrayAsText<int64_t>(c, "int8", [](auto& a) { a.Append(INT64_MIN); }) == "{-9223372036854775808}");
  CHECK(ArrayAsText<double>(c, "float8", [](auto& a) { a.Append(2.5); }) == "{2.5}");
  CHECK(ArrayAsText<std::string_view>(c, "text", [](auto& a) {
          a.Append(std::string("a,b"));
          a.Append(std::optional<std::string>());
          a.Append("");
        }) == "{\"a,b\",NULL,\"\"}");
  CHECK(ArrayAsText<Uuid>(c, "uuid", [](auto& a) { a.Append(TenantId()); }) ==
        "{00000000-0000-0000-0000-000000000000}");
  CHECK(ArrayAsText<absl::Time>(c, "timestamptz", [](auto& a) { a.Append(absl::UnixEpoch()); }) ==
        "{\"1970-01-01 00:00:00+00\"}");
  CHECK(ArrayAsText<Json>(c, "json", [](auto& a) { a.Append(Json{"[1]"}); }) == "{[1]}");
  CHECK(ArrayAsText<Jsonb>(c, "jsonb", [](auto& a) { a.Append(Jsonb{"[1 ,2]"}); }) == "{\"[1, 2]\"}");
  CHECK(ArrayAsText<Bytes>(c, "bytea", [](auto& a) { a.Append(Bytes{"A"}); }) == "{\"\\\\x41\"}");
  CHECK(ArrayAsText<int32_t>(c, "int4", [](auto&) {}) == "{}");
}

TEST_CASE("an array that was moved into parameters is empty and may be filled again") {
  auto connection = Connect();
  Array<int32_t> array;
  array.Append(1);
  CHECK(Echo<std::vector<int32_t>>(*connection, "int4[]", array) == std::vector<int32_t>{1});
  CHECK(array.size() == 1);
  CHECK(Echo<std::vector<int32_t>>(*connection, "int4[]", std::move(array)) == std::vector<int32_t>{1});
  CHECK(array.empty());
  array.Append(2);
  CHECK(Echo<std::vector<int32_t>>(*connection, "int4[]", array) == std::vector<int32_t>{2});
}

TEST_CASE("a statement is prepared once per connection and set of types") {
  auto connection = Connect();
  constexpr Statement kTwice{"twice", "SELECT $1::text"};
  constexpr Statement kCount{"count", "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'twice%'"};
  auto count = [&] { return Check(connection->Execute(kCount), "count").Get<int64_t>(0, 0); };
  Check(connection->Execute(kTwice, Params().Add("a")), "once");
  Check(connection->Execute(kTwice, Params().Add("b")), "twice");
  Check(connection->Execute(kTwice, Params().AddNull()), "NULL fits every type");
  CHECK(count() == 1);
  Check(connection->Execute(kTwice, Params().Add(int32_t{1})), "another type");
  CHECK(count() == 2);
}

TEST_CASE("two statements under one name are not taken for each other") {
  auto connection = Connect();
  CHECK(Check(connection->Execute({"same", "SELECT 1"}), "one").Get<int32_t>(0, 0) == 1);
  CHECK(Check(connection->Execute({"same", "SELECT 2"}), "two").Get<int32_t>(0, 0) == 2);
}

TEST_CASE("a statement that did not prepare is tried afresh the next time") {
  auto connection = Connect();
  constexpr Statement kRead{"read_late", "SELECT x FROM late"};
  CHECK(connection->Execute(kRead).status().code() == absl::StatusCode::kInternal);
  Check(connection->ExecuteScript("CREATE TEMP TABLE late (x int)"), "create");
  CHECK(Check(connection->Execute(kRead), "read").rows() == 0);
}

TEST_CASE("affected rows are counted") {
  auto connection = Connect();
  Check(connection->ExecuteScript("CREATE TEMP TABLE counted (x int)"), "create");
  CHECK(Check(connection->Execute({"insert", "INSERT INTO counted SELECT generate_series(1, 7)"}), "insert")
            .affected_rows() == 7);
  CHECK(Check(connection->Execute({"update", "UPDATE counted SET x = 0 WHERE x > 5"}), "update")
            .affected_rows() == 2);
}

TEST_CASE("an error names the constraint and never the values") {
  auto connection = Connect();
  Check(connection->ExecuteScript("CREATE TEMP TABLE unique_one (x text CONSTRAINT unique_one_x UNIQUE)"),
        "create");
  constexpr Statement kInsert{"insert_one", "INSERT INTO unique_one VALUES ($1)"};
  Check(connection->Execute(kInsert, Params().Add("hunter2")), "first");
  absl::Status status = connection->Execute(kInsert, Params().Add("hunter2")).status();
  CHECK(status.code() == absl::StatusCode::kAlreadyExists);
  CHECK(ConstraintOf(status) == "unique_one_x");
  CHECK(ReasonOf(status) == "UNIQUE_VIOLATION");
  CHECK(MetadataOf(status, "statement") == "insert_one");
  CHECK(status.ToString().find("hunter2") == std::string::npos);

  status = connection->Execute({"cast", "SELECT $1::text::int"}, Params().Add("hunter2")).status();
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(status.ToString().find("hunter2") == std::string::npos);
}

TEST_CASE("an error about the connection string does not repeat it") {
  for (const char* conninfo : {"host=/nowhere password=hunter2 oops", "postgres://me:hunter2%zz@/x",
                               "host=/nowhere user=me password=hunter2"}) {
    absl::Status status = Connection::Open(conninfo, absl::Seconds(5)).status();
    CHECK_FALSE(status.ok());
    CHECK(status.ToString().find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a server that is not there is UNAVAILABLE, a database that is not there is not") {
  CHECK(absl::IsUnavailable(Connection::Open("host=/nowhere user=me", absl::Seconds(5)).status()));
  CHECK(absl::IsFailedPrecondition(
      Connection::Open(TestPostgres::Shared().SuperuserConninfo("nothing"), absl::Seconds(5)).status()));
}

TEST_CASE("Cancel breaks a statement that another thread waits in") {
  auto connection = Connect();
  auto observer = Connect();
  std::thread canceller([&] {
    constexpr Statement kSleeping{
        "sleeping", "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND pid = $1 "
                    "AND wait_event = 'PgSleep'"};
    int32_t pid = PQbackendPID(connection->raw());
    while (Check(observer->Execute(kSleeping, Params().Add(pid)), "look").Get<int64_t>(0, 0) == 0) {
    }
    connection->Cancel();
  });
  absl::Status status = connection->Execute({"sleep", "SELECT pg_sleep(60)"}).status();
  canceller.join();
  CHECK(absl::IsCancelled(status));
  CHECK(connection->healthy());
}

}  // namespace
}  // namespace penstock::postgres
