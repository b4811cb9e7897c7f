#include "libs/auth/api_key_store.h"

#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "libs/auth/api_key.h"
#include "libs/clock/clock.h"
#include "libs/postgres/connection.h"
#include "libs/postgres/pool.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"

namespace penstock::auth {
namespace {

using testing::Check;

constexpr absl::Time kNoDeadline = absl::InfiniteFuture();
constexpr postgres::Statement kInsertTenant{
    "insert_tenant", "INSERT INTO tenancy.tenants (tenant_id, slug, name) VALUES ($1, $2, 'T')"};
constexpr postgres::Statement kInsertKey{
    "insert_key",
    "INSERT INTO tenancy.api_keys (tenant_id, api_key_id, name, prefix, key_hash, role, "
    "expires_at) VALUES ($1, $2, 'k', $3, $4, 'operator', $5)"};
constexpr postgres::Statement kRevoke{
    "revoke", "UPDATE tenancy.api_keys SET revoked_at = now() WHERE api_key_id = $1"};
constexpr postgres::Statement kSuspend{
    "suspend", "UPDATE tenancy.tenants SET status = 'suspended' WHERE tenant_id = $1"};
constexpr postgres::Statement kLastUsed{
    "last_used", "SELECT last_used_at FROM tenancy.api_keys WHERE api_key_id = $1"};

// One tenant with one key in a database of its own.
struct Fixture {
  testing::TestDatabase database;
  std::unique_ptr<postgres::Connection> admin = database.Connect(postgres::Role::kAdmin);
  std::unique_ptr<postgres::Pool> pool = Check(
      postgres::Pool::Create({.conninfo = database.Conninfo(postgres::Role::kServer)}), "pool");
  TenantId tenant = TenantId::Make(absl::Now());
  ApiKeyId id = ApiKeyId::Make(absl::Now());
  NewApiKey key = MakeApiKey(ApiKeyMode::kLive);
  RealClock clock;

  explicit Fixture(std::optional<absl::Time> expires_at = std::nullopt) {
    Check(admin->Execute(kInsertTenant, postgres::Params().Add(tenant).Add("acme")).status(),
          "tenant");
    Check(admin
              ->Execute(kInsertKey, postgres::Params()
                                        .Add(tenant)
                                        .Add(id)
                                        .Add(key.prefix)
                                        .Add(postgres::Bytes{key.hash})
                                        .Add(expires_at))
              .status(),
          "key");
  }

  std::optional<ApiKeyRecord> Find() {
    return Check(FindApiKeyIn(*pool)(key.hash, kNoDeadline), "find");
  }
};

TEST_CASE("a stored key is found by its hash on the server role") {
  Fixture fixture;
  std::optional<ApiKeyRecord> found = fixture.Find();
  REQUIRE(found.has_value());
  CHECK(found->tenant == fixture.tenant);
  CHECK(found->api_key == fixture.id);
  CHECK(found->user.is_nil());
  CHECK_FALSE(found->project.has_value());
  CHECK(found->role == Role::kOperator);
  CHECK(found->expires_at == absl::InfiniteFuture());
}

TEST_CASE("another hash is not found") {
  Fixture fixture;
  CHECK_FALSE(Check(FindApiKeyIn(*fixture.pool)(HashApiKey("other"), kNoDeadline), "find"));
}

TEST_CASE("a revoked key is not found") {
  Fixture fixture;
  Check(fixture.admin->Execute(kRevoke, postgres::Params().Add(fixture.id)).status(), "revoke");
  CHECK_FALSE(fixture.Find());
}

TEST_CASE("an expired key is not found, one that will expire is found with its time") {
  CHECK_FALSE(Fixture(absl::Now() - absl::Hours(1)).Find());
  absl::Time later = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) + 3'600);
  CHECK(Fixture(later).Find()->expires_at == later);
}

TEST_CASE("the key of a suspended tenant is not found") {
  Fixture fixture;
  Check(fixture.admin->Execute(kSuspend, postgres::Params().Add(fixture.tenant)).status(),
        "suspend");
  CHECK_FALSE(fixture.Find());
}

TEST_CASE("use of a key reaches last_used_at by the batch") {
  Fixture fixture;
  ApiKeyAuthenticator authenticator(FindApiKeyIn(*fixture.pool), fixture.clock);
  REQUIRE(authenticator.Authenticate(fixture.key.text, kNoDeadline).ok());
  auto last_used = [&] {
    auto result =
        Check(fixture.admin->Execute(kLastUsed, postgres::Params().Add(fixture.id)), "last used");
    return result.Get<std::optional<absl::Time>>(0, 0);
  };
  CHECK_FALSE(last_used().has_value());
  REQUIRE(TouchLastUsed(authenticator, *fixture.pool).ok());
  REQUIRE(last_used().has_value());
  absl::Time first = *last_used();
  CHECK(absl::Now() - first < absl::Minutes(5));
  REQUIRE(TouchLastUsed(authenticator, *fixture.pool).ok());
  CHECK(*last_used() == first);
}

}  // namespace
}  // namespace penstock::auth
