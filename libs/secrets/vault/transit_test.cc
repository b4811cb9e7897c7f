// The transit engine, against a Vault that refuses what a real one refuses.
#include "libs/secrets/vault/transit.h"

#include <catch2/catch.hpp>

#include "libs/secrets/vault/vault_fixture.h"

namespace penstock::secrets::vault {
namespace {

const TokenRules kMayUse{.may_update = {"transit/encrypt/penstock", "transit/decrypt/penstock"}};

struct TransitFixture : Fixture {
  explicit TransitFixture(const TokenRules& rules = kMayUse) : Fixture(rules) {
    vault.RotateTransitKey("transit", "penstock");
    vault.RotateTransitKey("transit", "another");
    transit = std::make_unique<Transit>(
        std::make_unique<Session>(OptionsFor(vault.address()),
                                  WithAppRole("approle", "role", Always("planted-secret-id")),
                                  clock),
        "transit", "penstock", "");
  }
  std::string Encrypt() {
    const absl::StatusOr<std::string> ciphertext =
        transit->Encrypt(crypto::Secret("planted"), "tenant 1");
    REQUIRE(ciphertext.status() == absl::OkStatus());
    return *ciphertext;
  }
  std::unique_ptr<Transit> transit;
};

TEST_CASE_METHOD(TransitFixture,
                 "what was encrypted is decrypted, also after a rotation in Vault") {
  const std::string old = Encrypt();
  CHECK(old.starts_with("vault:v1:"));
  CHECK(transit->Decrypt(old, "tenant 1")->Reveal() == "planted");
  vault.RotateTransitKey("transit", "penstock");
  CHECK(Encrypt().starts_with("vault:v2:"));
  CHECK(transit->Decrypt(old, "tenant 1")->Reveal() == "planted");
  vault.SetMinDecryptionVersion("transit", "penstock", 2);
  CHECK(absl::IsDataLoss(transit->Decrypt(old, "tenant 1").status()));
}

TEST_CASE_METHOD(TransitFixture,
                 "other associated data, another ciphertext and none are data loss") {
  const std::string ciphertext = Encrypt();
  CHECK(absl::IsDataLoss(transit->Decrypt(ciphertext, "tenant 2").status()));
  CHECK(absl::IsDataLoss(transit->Decrypt("vault:v7:AAAA", "tenant 1").status()));
  const int before = vault.counts().requests;
  CHECK(absl::IsDataLoss(transit->Decrypt("\",\"x\":\"", "tenant 1").status()));
  CHECK(absl::IsDataLoss(transit->Decrypt("vault:v1:\"", "tenant 1").status()));
  CHECK(vault.counts().requests == before);
}

TEST_CASE_METHOD(TransitFixture, "a key that is gone or was made anew does not decrypt") {
  const std::string ciphertext = Encrypt();
  vault.DeleteTransitKey("transit", "penstock");
  CHECK(absl::IsDataLoss(transit->Decrypt(ciphertext, "tenant 1").status()));
  CHECK(
      absl::IsFailedPrecondition(transit->Encrypt(crypto::Secret("planted"), "tenant 1").status()));
  vault.RotateTransitKey("transit", "penstock");
  CHECK(absl::IsDataLoss(transit->Decrypt(ciphertext, "tenant 1").status()));
}

TEST_CASE_METHOD(TransitFixture, "a sealed Vault is unavailable, and works again when it is not") {
  const std::string ciphertext = Encrypt();
  vault.SetSealed(true);
  CHECK(absl::IsUnavailable(transit->Decrypt(ciphertext, "tenant 1").status()));
  CHECK(pauses > 0);
  vault.SetSealed(false);
  CHECK(transit->Decrypt(ciphertext, "tenant 1")->Reveal() == "planted");
}

TEST_CASE_METHOD(TransitFixture, "a token that was taken back is replaced") {
  const std::string ciphertext = Encrypt();
  vault.RevokeAllTokens();
  CHECK(transit->Decrypt(ciphertext, "tenant 1")->Reveal() == "planted");
  CHECK(vault.counts().logins == 2);
}

TEST_CASE("without the policy for it the key can't be used") {
  TransitFixture fixture(TokenRules{.may_update = {"transit/encrypt/penstock"}});
  const std::string ciphertext = fixture.Encrypt();
  CHECK(absl::IsPermissionDenied(fixture.transit->Decrypt(ciphertext, "tenant 1").status()));
}

TEST_CASE_METHOD(TransitFixture, "no message repeats what was sent") {
  vault.SetEchoing(true);
  vault.DeleteTransitKey("transit", "penstock");
  const absl::Status status = transit->Encrypt(crypto::Secret("planted"), "tenant 1").status();
  CHECK_FALSE(status.ok());
  CHECK_FALSE(Says(status, "cGxhbnRlZA=="));
  CHECK_FALSE(Says(status, "planted"));
}

}  // namespace
}  // namespace penstock::secrets::vault
