// What the platform's operators do to keys, on a real database.
#include "services/connector/keys/key_operations.h"

#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/status/details.h"
#include "services/connector/credentials/key_rotator.h"
#include "services/connector/credentials/testing/credential_fixture.h"

namespace penstock::connector {
namespace {

using postgres::Role;
using testing::Check;
using testing::Replica;

class Fixture : protected testing::CredentialFixture {
 protected:
  Fixture() {
    operator_.tenant = kPlatformTenant;
    operator_.role = auth::Role::kAdmin;
    operator_.user = UserId::Make(absl::Now());
    Check(Put(owner_, {{"api_key", "planted-1"}, {"password", "planted-2"}}), "put");
  }
  KeyContext ContextOf(Replica& of) {
    return {.admin_pool = *admin_pool_,
            .roots = of.roots,
            .keys = of.keys,
            .clock = clock,
            .wake_rotator = [this] { ++woken_; }};
  }
  absl::StatusOr<KeyRotation> Start(const std::string& level, bool destroy_previous = false,
                                    std::optional<TenantId> of = {}) {
    return StartKeyRotation(context_, operator_, {level, of, destroy_previous});
  }
  void Work() {
    Check(KeyRotator(*admin_pool_, replica->roots, replica->keys, clock,
                     {.worker = Uuid::MakeV7(absl::Now())})
              .Run(),
          "work");
  }

  const CredentialOwner owner_ = OwnerOf(tenant);
  std::unique_ptr<postgres::Pool> admin_pool_ = testing::PoolOf(database, Role::kAdmin);
  int woken_ = 0;
  const KeyContext context_ = ContextOf(*replica);
  auth::CallContext operator_;
};

TEST_CASE_METHOD(Fixture, "the status shows keys by id and version, and what is under each") {
  const KeyStatus all = Check(GetKeyStatus(context_, std::nullopt), "status");
  REQUIRE(all.root_keys.size() == 1);
  CHECK(all.root_keys[0].id == testing::RootKeyOf('a')->id());
  CHECK(all.root_keys[0].state == "active");
  CHECK(all.root_keys[0].tenant_keys == 1);
  CHECK(all.root_keys[0].is_at_hand);
  CHECK(all.tenant_keys.empty());
  CHECK(all.active == 1);
  CHECK(all.sealed_values == 2);
  CHECK(all.cache.cached > 0);
  Check(Start("tenant").status(), "start");
  Work();
  const KeyStatus ours = Check(GetKeyStatus(context_, tenant), "status");
  REQUIRE(ours.tenant_keys.size() == 2);
  CHECK(ours.tenant_keys[0].version == 2);
  CHECK(ours.tenant_keys[0].values == 2);
  CHECK(ours.tenant_keys[1].state == "decrypt_only");
  CHECK(ours.tenant_keys[1].values == 0);
  CHECK(absl::IsNotFound(GetKeyStatus(context_, TenantId::Make(absl::Now())).status()));
}

TEST_CASE_METHOD(Fixture, "a rotation is started once, shown, and noted in the platform's log") {
  const KeyRotation started = Check(Start("tenant", true, tenant), "start");
  CHECK(started.state == "running");
  CHECK(started.rows_total == 2);
  CHECK(started.started_by == "user " + operator_.user.ToString());
  CHECK(woken_ == 1);
  CHECK(ReasonOf(Start("root").status()) == "ROTATION_RUNNING");
  Work();
  const KeyRotation done = Check(GetKeyRotation(context_, started.id), "get");
  CHECK(done.state == "succeeded");
  CHECK(done.ended_at.has_value());
  CHECK(absl::IsNotFound(GetKeyRotation(context_, Uuid::MakeV7(absl::Now())).status()));
  CHECK(Count(fmt::format("SELECT count(*) FROM tenancy.audit_log WHERE action = "
                          "'key_rotation.started' AND resource_id = '{}' AND tenant_id = '{}'",
                          started.id.ToString(), kPlatformTenant.ToString())) == 1);
}

TEST_CASE_METHOD(Fixture, "what makes no sense is refused") {
  CHECK(ViolationsOf(Start("data", true).status()).at(0).field == "destroy_previous");
  CHECK(ViolationsOf(Start("root", true, tenant).status()).at(0).field == "destroy_previous");
  CHECK(absl::IsNotFound(Start("tenant", false, TenantId::Make(absl::Now())).status()));
}

TEST_CASE_METHOD(Fixture, "a rotation is cancelled once") {
  const KeyRotation started = Check(Start("tenant"), "start");
  CHECK(Check(CancelKeyRotation(context_, operator_, started.id, "enough"), "cancel").state ==
        "cancelled");
  CHECK(ReasonOf(CancelKeyRotation(context_, operator_, started.id, "").status()) ==
        "ROTATION_ENDED");
  Work();
  CHECK(Read(owner_, "api_key") == "planted-1");
}

TEST_CASE_METHOD(Fixture, "rotations are listed newest first, in pages") {
  std::vector<Uuid> started;
  for (int i = 0; i < 5; ++i) {
    started.insert(started.begin(), Check(Start("tenant"), "start").id);
    Work();
  }
  std::vector<Uuid> listed;
  std::string token;
  do {
    const auto page = Check(ListKeyRotations(context_, 2, token), "list");
    CHECK(page.total_size == 5);
    for (const KeyRotation& rotation : page.items) listed.push_back(rotation.id);
    token = page.next_page_token;
  } while (!token.empty());
  CHECK(listed == started);
}

TEST_CASE_METHOD(Fixture, "destroying a tenant's keys ends its secrets at once, everywhere") {
  const TenantId other = penstock::testing::CreateTenant(database, "other").tenant;
  const CredentialOwner theirs = OwnerOf(other);
  Check(Put(theirs, {{"api_key", "planted-3"}}), "put");
  Replica second(database, "a", clock);
  REQUIRE(second.store.Open(UseOf(owner_, {"api_key"}), absl::Now() + absl::Seconds(30)).ok());
  CHECK(ViolationsOf(DestroyTenantKeys(context_, operator_, tenant, "acm").status()).at(0).field ==
        "confirmation");
  REQUIRE(Read(owner_, "api_key") == "planted-1");
  const KeyRotation destroyed =
      Check(DestroyTenantKeys(context_, operator_, tenant, "acme"), "destroy");
  CHECK(destroyed.level == "destroy");
  CHECK(destroyed.rows_done == 1);
  CHECK(Read(owner_, "api_key") == "error: KEY_DESTROYED");
  // Also where the key is at hand.
  CHECK(ReasonOf(second.store.Open(UseOf(owner_, {"api_key"}), absl::Now() + absl::Seconds(30))
                     .status()) == "KEY_DESTROYED");
  CHECK(
      Count("SELECT count(*) FROM connector.credential_audit WHERE event = 'refused' AND result = "
            "'KEY_DESTROYED'") == 2);
  CHECK(Read(theirs, "api_key") == "planted-3");
  CHECK(Count("SELECT count(*) FROM tenancy.audit_log WHERE action = 'tenant_key.destroyed'") == 1);
  // What is put from then on has a new key.
  Check(Put(owner_, {{"api_key", "planted-4"}}), "put");
  CHECK(Read(owner_, "api_key") == "planted-4");
  CHECK(Read(owner_, "password") == "error: KEY_DESTROYED");
  // And a rotation passes over what is gone.
  Check(Start("tenant", true).status(), "start");
  Work();
  CHECK(Count("SELECT count(*) FROM connector.key_rotations WHERE state = 'succeeded' AND level = "
              "'tenant'") == 1);
}

TEST_CASE_METHOD(Fixture, "a tenant's removal takes its keys, its values and its record along") {
  Check(Open(owner_, {"api_key"}).status(), "open");
  auto admin = database.Connect(Role::kAdmin);
  Check(admin->ExecuteScript(fmt::format(
            "BEGIN; SELECT set_config('app.tenant_id', '{0}', true); SELECT "
            "tenancy.purge_tenant('{0}', 1000); SELECT tenancy.purge_tenant('{0}', 1000); COMMIT",
            tenant.ToString())),
        "purge");
  for (const char* table :
       {"tenant_keys", "sealed_values", "credential_audit", "credential_audit_heads"}) {
    CAPTURE(table);
    CHECK(Count(fmt::format("SELECT count(*) FROM connector.{}", table)) == 0);
  }
}

}  // namespace
}  // namespace penstock::connector
