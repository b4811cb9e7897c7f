// Connectors whose secrets are in the tenant's part of a Vault, behind the same door.
#include "services/connector/credentials/vault_source.h"

#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "libs/secrets/vault/vault_fixture.h"
#include "libs/status/details.h"
#include "services/connector/credentials/testing/credential_fixture.h"

namespace penstock::connector {
namespace {

class Fixture : protected testing::CredentialFixture {
 protected:
  // A Vault login that may read the parts of these owners.
  CredentialStore StoreOver(const std::vector<CredentialOwner>& readable) {
    secrets::TokenRules rules;
    for (const CredentialOwner& owner : readable) {
      rules.may_read.push_back("secret/data/" + VaultPathOf(owner));
    }
    vault_.AllowAppRole("approle", "role", "planted-secret-id", rules);
    secrets::vault::Session::Options options;
    options.transport = {.address = vault_.address(), .ca_file = "", .timeout = absl::Seconds(10)};
    options.retry_timeout = absl::ZeroDuration();
    auto session = std::make_unique<secrets::vault::Session>(
        std::move(options),
        secrets::vault::WithAppRole("approle", "role", secrets::vault::Always("planted-secret-id")),
        clock);
    return CredentialStore(
        *replica->pool, replica->keys, replica->recorder,
        std::make_unique<VaultSource>(std::move(session),
                                      VaultSource::Options{.mount = "secret", .name_space = ""}),
        clock);
  }
  absl::StatusOr<Opened> OpenBy(CredentialStore& store, const CredentialOwner& owner,
                                std::vector<std::string> fields = {"api_key"}) {
    Use use = UseOf(owner, std::move(fields));
    use.storage = SecretStorage::kVault;
    return store.Open(use, absl::Now() + absl::Seconds(30));
  }

  secrets::FakeVault vault_{clock};
  const CredentialOwner owner_ = OwnerOf(tenant);
};

TEST_CASE_METHOD(Fixture, "a secret in the tenant's part of Vault is opened, and on record") {
  CredentialStore store = StoreOver({owner_});
  vault_.Write("secret", VaultPathOf(owner_), {{"api_key", "planted-1"}});
  CHECK(VaultPathOf(owner_) ==
        fmt::format("tenant/{}/connector/{}", tenant.ToString(), owner_.id.ToString()));
  CHECK(Shown(OpenBy(store, owner_), "api_key") == "planted-1");
  vault_.Write("secret", VaultPathOf(owner_), {{"api_key", "planted-2"}});
  const auto second = OpenBy(store, owner_);
  CHECK(Shown(second, "api_key") == "planted-2");
  CHECK(second->versions.at("api_key") == 2);
  CHECK(Count("SELECT count(*) FROM connector.credential_audit WHERE event = 'opened' AND "
              "value_versions = ARRAY[sequence]") == 2);
}

TEST_CASE_METHOD(Fixture, "what is not there, unusable or out of reach is refused, and on record") {
  const CredentialOwner forbidden = OwnerOf(tenant);
  const CredentialOwner empty = OwnerOf(tenant);
  CredentialStore store = StoreOver({owner_, empty});
  vault_.Write("secret", VaultPathOf(owner_), {{"api_key", 17}, {"password", "planted"}});
  vault_.Write("secret", VaultPathOf(forbidden), {{"api_key", "planted"}});
  CHECK(ReasonOf(OpenBy(store, owner_).status()) == "CREDENTIAL_UNUSABLE");
  CHECK(ReasonOf(OpenBy(store, owner_, {"token"}).status()) == "CREDENTIAL_MISSING");
  CHECK(ReasonOf(OpenBy(store, empty).status()) == "CREDENTIAL_MISSING");
  CHECK(absl::IsPermissionDenied(OpenBy(store, forbidden).status()));
  vault_.SetSealed(true);
  CHECK(absl::IsUnavailable(OpenBy(store, owner_, {"password"}).status()));
  CHECK(Count("SELECT count(*) FROM connector.credential_audit WHERE event = 'refused'") == 5);
}

TEST_CASE_METHOD(Fixture, "tokens are not read from a Vault, and nothing is without one") {
  CredentialStore store = StoreOver({});
  CHECK_FALSE(OpenBy(store, OwnerOf(tenant, OwnerKind::kGrant)).ok());
  CHECK(ReasonOf(OpenBy(replica->store, owner_).status()) == "CREDENTIAL_STORAGE_MISSING");
}

}  // namespace
}  // namespace penstock::connector
