// 100,000 sealed values under rotation by processes that are killed, while readers open values all
// the time: none is unreadable at any moment.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/testing/process.h"
#include "services/connector/credentials/key_rotator.h"
#include "services/connector/credentials/testing/credential_fixture.h"
#include "services/connector/keys/envelope.h"

namespace penstock::connector {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
using postgres::Role;
using testing::Check;
using testing::Replica;

constexpr int kOwners = 20'000;
constexpr const char* kFields[] = {"access_token", "api_key", "password", "refresh_token",
                                   "secret"};
constexpr int kReaders = 3;
constexpr char kWorker[] = "services/connector/credentials/testing/key_rotation_worker";

// Another process, at once killed with this one.
pid_t StartWorker(const std::vector<std::string>& arguments) {
  std::vector<char*> texts;
  for (const std::string& argument : arguments)
    texts.push_back(const_cast<char*>(argument.c_str()));
  texts.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv(texts[0], texts.data());
    _exit(127);
  }
  REQUIRE(child > 0);
  return child;
}

class Fixture : protected testing::CredentialFixture {
 protected:
  Fixture() {
    const TenantId second = penstock::testing::CreateTenant(database, "second").tenant;
    for (int i = 0; i < kOwners; ++i) owners_.push_back(OwnerOf(i % 4 == 0 ? second : tenant));
    Check(replica->store.Prepare(tenant), "make a key");
    Check(replica->store.Prepare(second), "make a key");
    for (int from = 0; from < kOwners; from += 1000) Fill(from, from + 1000);
  }

  static std::string ValueOf(const CredentialOwner& owner, std::string_view field) {
    return fmt::format("planted {} {}", owner.id.ToString(), field);
  }

  // As Put writes them, many at once.
  void Fill(int from, int to) {
    for (const TenantId of : {owners_[0].tenant, owners_[1].tenant}) {
      Check(postgres::RunInTransaction(
                *replica->pool, {.tenant = of},
                [&](Connection& connection) { return FillOf(connection, of, from, to); }),
            "fill");
    }
  }
  absl::Status FillOf(Connection& connection, TenantId of, int from, int to) {
    const TenantKeys::Key key = Check(replica->keys.Active(of), "key");
    Array<Uuid> ids;
    Array<std::string_view> names;
    Array<int64_t> versions;
    Array<postgres::Bytes> sealed;
    for (int i = from; i < to; ++i) {
      if (owners_[i].tenant != of) continue;
      for (const char* field : kFields) {
        const int64_t version = ++last_version_;
        const std::string bytes =
            Check(envelope::Seal(*key, {of, "connector", owners_[i].id, field, version},
                                 ValueOf(owners_[i], field)),
                  "seal");
        ids.Append(owners_[i].id);
        names.Append(std::string_view(field));
        versions.Append(version);
        sealed.Append(postgres::Bytes{bytes});
      }
    }
    return connection
        .Execute({"fill",
                  "INSERT INTO connector.sealed_values (tenant_id, owner_kind, owner_id, field, "
                  "value_version, key_version, sealed) SELECT $1, 'connector', owner_id, field, "
                  "value_version, $2, sealed FROM unnest($3::uuid[], $4::text[], $5::bigint[], "
                  "$6::bytea[]) AS v (owner_id, field, value_version, sealed)"},
                 Params()
                     .Add(of)
                     .Add(key->version)
                     .Add(std::move(ids))
                     .Add(std::move(names))
                     .Add(std::move(versions))
                     .Add(std::move(sealed)))
        .status();
  }

  pid_t Work() {
    return StartWorker(
        {kWorker, database.Conninfo(Role::kAdmin), database.Conninfo(Role::kServer), "a"});
  }
  int64_t Done() {
    return Check(watcher_->Execute({"done", "SELECT max(rows_done) FROM connector.key_rotations"}),
                 "look")
        .Get<int64_t>(0, 0);
  }

  std::vector<CredentialOwner> owners_;
  int64_t last_version_ = 0;
  std::unique_ptr<Connection> watcher_ = database.ConnectAsSuperuser();
};

TEST_CASE_METHOD(Fixture,
                 "100,000 values move under new keys, whoever is killed, and none is unreadable") {
  REQUIRE(Count("SELECT count(*) FROM connector.sealed_values") == 100'000);
  Replica other(database, "a", clock);
  std::atomic<bool> ending = false;
  std::atomic<int64_t> opened = 0, refused = 0;
  std::vector<std::thread> readers;
  for (int r = 0; r < kReaders; ++r) {
    readers.emplace_back([&, r] {
      std::minstd_rand random(r);
      CredentialStore& by = r % 2 == 0 ? store() : other.store;
      while (!ending) {
        const CredentialOwner& owner = owners_[random() % owners_.size()];
        const char* field = kFields[random() % std::size(kFields)];
        const auto one = by.Open(UseOf(owner, {field}), absl::Now() + absl::Seconds(30));
        Shown(one, field) == ValueOf(owner, field) ? ++opened : ++refused;
      }
    });
  }
  Run(
      fmt::format("INSERT INTO connector.key_rotations (rotation_id, level, destroy_previous, "
                  "rows_total, started_by) VALUES ('{}', 'tenant', true, 100000, 'test')",
                  Uuid::MakeV7(absl::Now()).ToString()));
  // Killed three times on the way, each time in the middle of a batch as likely as not.
  for (const int64_t mark : {15'000, 40'000, 70'000}) {
    const pid_t worker = Work();
    while (Done() < mark) {
    }
    kill(worker, SIGKILL);
    CHECK(penstock::testing::AwaitExit(worker) == 128 + SIGKILL);
    CHECK(Done() < 100'000);
  }
  CHECK(penstock::testing::AwaitExit(Work()) == 0);
  ending = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(refused == 0);
  CHECK(opened > 100);
  CHECK(
      Count("SELECT count(*) FROM connector.key_rotations WHERE state = 'succeeded' AND rows_done "
            "= 100000 AND rows_left = 0") == 1);
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE key_version = 2") == 100'000);
  CHECK(Count("SELECT count(*) FROM connector.tenant_keys WHERE state = 'destroyed'") == 2);
  // By one who has nothing at hand.
  Replica fresh(database, "a", clock);
  for (int i = 0; i < kOwners; i += 40) {
    REQUIRE(Shown(fresh.store.Open(UseOf(owners_[i], {"api_key"}), absl::Now() + absl::Seconds(30)),
                  "api_key") == ValueOf(owners_[i], "api_key"));
  }
}

}  // namespace
}  // namespace penstock::connector
