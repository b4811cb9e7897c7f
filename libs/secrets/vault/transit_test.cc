// What is never sent to the transit engine, nor said. How it answers: libs/secrets/conformance.
#include "libs/secrets/vault/transit.h"

#include <catch2/catch.hpp>

#include "libs/secrets/vault/vault_fixture.h"

namespace penstock::secrets::vault {
namespace {

struct TransitFixture : Fixture {
  TransitFixture()
      : Fixture({.may_update = {"transit/encrypt/penstock", "transit/decrypt/penstock"}}) {
    vault.RotateTransitKey("transit", "penstock");
    transit = std::make_unique<Transit>(
        std::make_unique<Session>(OptionsFor(vault.address()),
                                  WithAppRole("approle", "role", Always("planted-secret-id")),
                                  clock),
        "transit", "penstock", "");
  }
  std::unique_ptr<Transit> transit;
};

TEST_CASE_METHOD(TransitFixture, "what can be no ciphertext is not sent") {
  const int before = vault.counts().requests;
  CHECK(absl::IsDataLoss(transit->Decrypt("\",\"x\":\"", "tenant 1").status()));
  CHECK(absl::IsDataLoss(transit->Decrypt("vault:v1:\"", "tenant 1").status()));
  CHECK(vault.counts().requests == before);
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
