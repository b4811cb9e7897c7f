// Rotations of keys on a real database, batch by batch.
#include "services/connector/credentials/key_rotator.h"

#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/testing/prepare_all.h"
#include "services/connector/credentials/testing/credential_fixture.h"
#include "services/connector/keys/rotation_queries.h"
#include "services/connector/keys/rotation_rows.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::Role;
using testing::Check;
using testing::Replica;

class Fixture : protected testing::CredentialFixture {
 protected:
  Fixture() {
    for (int i = 0; i < 25; ++i) {
      owners_.push_back(OwnerOf(i % 5 == 0 ? other_ : tenant));
      Check(Put(owners_.back(), {{"api_key", fmt::format("planted-{}", i)}}), "put");
    }
  }

  KeyRotator RotatorOf(Replica& of, int batch_rows = 3, int rows_per_run = 1'000'000,
                       absl::Duration lease = absl::Seconds(30)) {
    return KeyRotator(*admin_pool_, of.roots, of.keys, clock,
                      {.worker = Uuid::MakeV7(absl::Now()),
                       .batch_rows = batch_rows,
                       .rows_per_run = rows_per_run,
                       .lease = lease});
  }
  template <typename T>
  T AsAdmin(const std::function<absl::StatusOr<T>(Connection&)>& body) {
    return Check(postgres::RunInTransactionReturning<T>(*admin_pool_, {}, body), "as admin");
  }
  KeyRotation Start(const std::string& level, bool destroy_previous = false,
                    std::optional<TenantId> of_tenant = std::nullopt) {
    return AsAdmin<KeyRotation>([&](Connection& connection) {
      return rotation_rows::Insert(connection, {.id = Uuid::MakeV7(absl::Now()),
                                                .level = level,
                                                .of_tenant = of_tenant,
                                                .destroy_previous = destroy_previous,
                                                .started_by = "test"});
    });
  }
  KeyRotation Now(const KeyRotation& rotation) {
    return *AsAdmin<std::optional<KeyRotation>>(
        [&](Connection& connection) { return rotation_rows::Load(connection, rotation.id); });
  }
  // How many of the planted values can be read by this replica.
  int Readable(Replica& by) {
    int readable = 0;
    for (size_t i = 0; i < owners_.size(); ++i) {
      const absl::StatusOr<Opened> opened =
          by.store.Open(UseOf(owners_[i], {"api_key"}), absl::Now() + absl::Seconds(30));
      readable += Shown(opened, "api_key") == fmt::format("planted-{}", i);
    }
    return readable;
  }
  int64_t Values(const std::string& condition) {
    return Count("SELECT count(*) FROM connector.sealed_values WHERE " + condition);
  }
  int64_t Keys(const std::string& condition) {
    return Count("SELECT count(*) FROM connector.tenant_keys WHERE " + condition);
  }

  const TenantId other_ = penstock::testing::CreateTenant(database, "other").tenant;
  std::vector<CredentialOwner> owners_;
  std::unique_ptr<postgres::Pool> admin_pool_ = testing::PoolOf(database, Role::kAdmin);
};

TEST_CASE_METHOD(Fixture, "every statement of a rotation fits the schema") {
  CHECK(penstock::testing::PrepareAll(*database.Connect(Role::kAdmin), keys::kAllRotationQueries) ==
        absl::OkStatus());
}

TEST_CASE_METHOD(Fixture, "a tenant rotation moves every value under a new key") {
  const KeyRotation rotation = Start("tenant");
  CHECK(rotation.rows_total == 25);
  Check(RotatorOf(*replica).Run(), "run");
  const KeyRotation now = Now(rotation);
  CHECK(now.state == "succeeded");
  CHECK(now.rows_done == 25);
  CHECK(now.rows_left == 0);
  CHECK(Values("key_version = 2") == 25);
  CHECK(Keys("state = 'decrypt_only' AND key_version = 1") == 2);
  CHECK(Readable(*replica) == 25);
}

TEST_CASE_METHOD(Fixture, "the rotation of one tenant leaves the others") {
  const KeyRotation rotation = Start("tenant", true, other_);
  Check(RotatorOf(*replica).Run(), "run");
  CHECK(Now(rotation).rows_done == 5);
  CHECK(Values("key_version = 1") == 20);
  CHECK(Keys("state = 'destroyed'") == 1);
  CHECK(Readable(*replica) == 25);
}

TEST_CASE_METHOD(Fixture, "keys that were rotated away are destroyed when that was asked for") {
  const KeyRotation rotation = Start("tenant", true);
  Check(RotatorOf(*replica).Run(), "run");
  CHECK(Now(rotation).state == "succeeded");
  CHECK(Keys("state = 'destroyed' AND wrapped_key IS NULL") == 2);
  CHECK(Keys("state = 'active'") == 2);
  Replica fresh(database, "a", clock);
  CHECK(Readable(fresh) == 25);
}

TEST_CASE_METHOD(Fixture, "a replica that has the old key at hand writes under the new one") {
  Replica second(database, "a", clock);
  Check(second.store.Prepare(tenant), "prepare");
  const KeyRotation rotation = Start("tenant", true);
  Check(RotatorOf(*replica).Run(), "run");
  Check(postgres::RunInTransaction(*second.pool, {.tenant = tenant},
                                   [&](Connection& connection) {
                                     return second.store.Put(
                                         connection, owners_[1],
                                         CredentialFixture::Values({{"api_key", "planted-1"}}));
                                   }),
        "put");
  CHECK(Values("key_version = 2") == 25);
  CHECK(Readable(second) == 25);
}

TEST_CASE_METHOD(Fixture,
                 "a root rotation wraps tenants' keys anew, and the old root key is not needed") {
  Replica next(database, "ba", clock);
  Check(next.checked, "the new root key beside the old one");
  CHECK(Readable(next) == 25);
  const KeyRotation rotation = Start("root", true);
  CHECK(rotation.rows_total == 2);
  Check(RotatorOf(next, 1).Run(), "run");
  CHECK(Now(rotation).state == "succeeded");
  CHECK(Now(rotation).rows_done == 2);
  Replica only_new(database, "b", clock);
  CHECK(only_new.checked == absl::OkStatus());
  CHECK(Readable(only_new) == 25);
  Replica only_old(database, "a", clock);
  CHECK(ReasonOf(only_old.checked) == "ROOT_KEY_DESTROYED");
}

TEST_CASE_METHOD(Fixture, "a data rotation seals every value anew, and says so in the record") {
  Run("CREATE TABLE before AS SELECT value_version, sealed FROM connector.sealed_values");
  const KeyRotation rotation = Start("data");
  Check(RotatorOf(*replica).Run(), "run");
  CHECK(Now(rotation).state == "succeeded");
  CHECK(Count("SELECT count(*) FROM before b JOIN connector.sealed_values v USING (value_version) "
              "WHERE substr(b.sealed, 97) <> substr(v.sealed, 97)") == 25);
  CHECK(Count(fmt::format("SELECT count(*) FROM connector.credential_audit WHERE event = 'opened' "
                          "AND purpose = 'reseal' AND request_id = '{}'",
                          rotation.id.ToString())) == 25);
  CHECK(Readable(*replica) == 25);
}

TEST_CASE_METHOD(Fixture, "a tenant rotation opens no value") {
  Run("CREATE TABLE before AS SELECT value_version, sealed FROM connector.sealed_values");
  Start("tenant");
  Check(RotatorOf(*replica).Run(), "run");
  CHECK(Count("SELECT count(*) FROM before b JOIN connector.sealed_values v USING (value_version) "
              "WHERE substr(b.sealed, 97) = substr(v.sealed, 97) AND b.sealed <> v.sealed") == 25);
  CHECK(Count("SELECT count(*) FROM connector.credential_audit") == 0);
}

TEST_CASE_METHOD(Fixture, "what can't be read fails the rotation and keeps its key") {
  Run(
      fmt::format("UPDATE connector.sealed_values SET sealed = set_byte(sealed, 40, "
                  "255 - get_byte(sealed, 40)) WHERE owner_id = '{}'",
                  owners_[7].id.ToString()));
  const KeyRotation rotation = Start("tenant", true);
  Check(RotatorOf(*replica).Run(), "run");
  const KeyRotation now = Now(rotation);
  CHECK(now.state == "failed");
  CHECK(now.rows_left == 1);
  CHECK(now.rows_damaged == 1);
  CHECK_FALSE(now.error.empty());
  CHECK(Keys("state = 'destroyed'") == 0);
  CHECK(Readable(*replica) == 24);
}

TEST_CASE_METHOD(Fixture, "a run does its share of rows and goes on in the next") {
  const KeyRotation rotation = Start("tenant");
  KeyRotator rotator = RotatorOf(*replica, 3, 7);
  Check(rotator.Run(), "run");
  const int64_t first = Now(rotation).rows_done;
  CHECK(first > 0);
  CHECK(first < 10);
  CHECK(Now(rotation).state == "running");
  CHECK(Readable(*replica) == 25);
  while (Now(rotation).state == "running") Check(rotator.Run(), "run");
  CHECK(Now(rotation).rows_done == 25);
}

TEST_CASE_METHOD(Fixture,
                 "one replica works at a rotation, and another takes over from one that is gone") {
  const KeyRotation rotation = Start("tenant");
  Check(RotatorOf(*replica, 3, 7).Run(), "run");
  const int64_t first = Now(rotation).rows_done;
  Replica second(database, "a", clock);
  KeyRotator other = RotatorOf(second);
  Check(other.Run(), "run");
  CHECK(Now(rotation).rows_done == first);
  Run("UPDATE connector.key_rotations SET lease_until = now() - interval '1 second'");
  Check(other.Run(), "run");
  CHECK(Now(rotation).state == "succeeded");
  CHECK(Now(rotation).rows_done == 25);
  CHECK(Keys("key_version > 2") == 0);
}

TEST_CASE_METHOD(
    Fixture, "a rotation that is cancelled leaves everything readable, and another may follow") {
  const KeyRotation rotation = Start("tenant");
  Check(RotatorOf(*replica, 3, 7).Run(), "run");
  CHECK(AsAdmin<std::optional<KeyRotation>>([&](Connection& connection) {
          return rotation_rows::Cancel(connection, rotation.id, "enough");
        })->state == "cancelled");
  Check(RotatorOf(*replica).Run(), "run");
  CHECK(Now(rotation).state == "cancelled");
  CHECK(Readable(*replica) == 25);
  const KeyRotation next = Start("tenant", true);
  Check(RotatorOf(*replica).Run(), "run");
  CHECK(Now(next).state == "succeeded");
  CHECK(Values("key_version IN (2, 3)") == 25);
  CHECK(Readable(*replica) == 25);
}

TEST_CASE_METHOD(Fixture, "one rotation runs at a time") {
  Start("tenant");
  const absl::Status second =
      postgres::RunInTransaction(*admin_pool_, {}, [&](Connection& connection) {
        return rotation_rows::Insert(
                   connection,
                   {.id = Uuid::MakeV7(absl::Now()), .level = "root", .started_by = "test"})
            .status();
      });
  CHECK(ReasonOf(second) == "ROTATION_RUNNING");
}

TEST_CASE_METHOD(Fixture, "a rotation can't be called done while something is left") {
  const KeyRotation rotation = Start("tenant");
  const absl::Status lie = database.ConnectAsSuperuser()->ExecuteScript(
      "UPDATE connector.key_rotations SET state = 'succeeded', ended_at = now(), rows_left = 1");
  CHECK(absl::IsInvalidArgument(lie));
  CHECK(Now(rotation).state == "running");
}

}  // namespace
}  // namespace penstock::connector
