// A CredentialStore on a real database, with a tenant and an owner: for tests of whatever opens
// credentials.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "libs/clock/clock.h"
#include "libs/postgres/pool.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "libs/testing/tenants.h"
#include "services/connector/credentials/credential_store.h"
#include "services/connector/keys/local_root_key.h"
#include "services/connector/keys/root_key_check.h"
#include "services/connector/keys/root_keyring.h"
#include "services/connector/keys/tenant_keys.h"

namespace penstock::connector::testing {

using penstock::testing::Check;

// A root key of 32 times the same letter.
inline std::unique_ptr<RootKey> RootKeyOf(char letter) {
  return Check(CreateLocalRootKey(crypto::Secret(std::string(32, letter))), "root key");
}

inline RootKeyring KeyringOf(const std::string& letters) {
  std::vector<std::unique_ptr<RootKey>> previous;
  for (const char letter : letters.substr(1)) previous.push_back(RootKeyOf(letter));
  return Check(RootKeyring::Create(RootKeyOf(letters[0]), std::move(previous)), "keyring");
}

inline std::unique_ptr<postgres::Pool> PoolOf(const penstock::testing::TestDatabase& database,
                                              postgres::Role role, int connections = 8) {
  return Check(
      postgres::Pool::Create({.conninfo = database.Conninfo(role), .max_connections = connections}),
      "pool");
}

// What one replica of the service has.
struct Replica {
  Replica(const penstock::testing::TestDatabase& database, const std::string& root_letters,
          const Clock& clock, TenantKeys::Options options = {})
      : pool(PoolOf(database, postgres::Role::kServer)),
        roots(KeyringOf(root_letters)),
        checked(CheckRootKeys(*pool, roots)),
        keys(roots, *pool, clock, options),
        recorder(*pool),
        store(*pool, keys, recorder, nullptr, clock) {}

  std::unique_ptr<postgres::Pool> pool;
  RootKeyring roots;
  absl::Status checked;
  TenantKeys keys;
  UseRecorder recorder;
  CredentialStore store;
};

class CredentialFixture {
 public:
  explicit CredentialFixture(
      penstock::testing::TestPostgres& postgres = penstock::testing::TestPostgres::Shared())
      : database(postgres),
        tenant(penstock::testing::CreateTenant(database, "acme").tenant),
        replica(std::make_unique<Replica>(database, "a", clock)) {
    Check(replica->checked, "check the root key");
  }

  CredentialStore& store() { return replica->store; }

  static CredentialOwner OwnerOf(TenantId tenant, OwnerKind kind = OwnerKind::kConnector) {
    return {.tenant = tenant, .kind = kind, .id = Uuid::MakeV7(absl::Now())};
  }

  // "api_key=planted-1 password=..." as values.
  static std::map<std::string, crypto::Secret> Values(
      const std::map<std::string, std::string>& texts) {
    std::map<std::string, crypto::Secret> values;
    for (const auto& [field, text] : texts) values.emplace(field, crypto::Secret(text));
    return values;
  }

  absl::Status Put(const CredentialOwner& owner, const std::map<std::string, std::string>& texts,
                   KeepPrevious keep = KeepPrevious::kNo) {
    return postgres::RunInTransaction(
        *replica->pool, {.tenant = owner.tenant}, [&](postgres::Connection& connection) {
          return store().Put(connection, owner, Values(texts), {.keep = keep});
        });
  }

  static Use UseOf(const CredentialOwner& owner, std::vector<std::string> fields) {
    Use use{.owner = owner,
            .fields = std::move(fields),
            .purpose = Purpose::kFetch,
            .target_host = "api.example.com",
            .execution_id = "execution-1",
            .caller = {},
            .optional_fields = {}};
    use.caller.tenant = owner.tenant;
    use.caller.user = UserId::Make(absl::Now());
    use.caller.request_id = "request-1";
    return use;
  }

  absl::StatusOr<Opened> Open(const CredentialOwner& owner, std::vector<std::string> fields) {
    return store().Open(UseOf(owner, std::move(fields)), absl::Now() + absl::Seconds(30));
  }

  // The value, or "error: ..." with the reason.
  std::string Read(const CredentialOwner& owner, const std::string& field) {
    return Shown(Open(owner, {field}), field);
  }
  static std::string Shown(const absl::StatusOr<Opened>& opened, const std::string& field) {
    if (!opened.ok()) return "error: " + ReasonOf(opened.status());
    return std::string(opened->credentials.Find(field)->Reveal());
  }

  int64_t Count(const std::string& sql) {
    auto superuser = database.ConnectAsSuperuser();
    return Check(superuser->Execute({"count", sql.c_str()}), sql).Get<int64_t>(0, 0);
  }
  void Run(const std::string& sql) {
    Check(database.ConnectAsSuperuser()->ExecuteScript(sql), sql);
  }

  RealClock clock;
  penstock::testing::TestDatabase database;
  TenantId tenant;
  std::unique_ptr<Replica> replica;
};

}  // namespace penstock::connector::testing
