// A Vault that is sealed while it is used.
#include <catch2/catch.hpp>
#include <string>

#include "libs/secrets/conformance/fixture.h"

namespace penstock::secrets {
namespace {

TEST_CASE_METHOD(ConformanceFixture,
                 "a sealed Vault is unavailable, and works again when it is not") {
  vault->Write(kPath, {{kName, "planted-password"}});
  vault->RotateKey(kKey);
  const auto session = OpenWith(Rules());
  const auto transit = OpenTransit(Rules());
  CHECK(Read(*session) == "planted-password");
  const auto ciphertext = transit->Encrypt(crypto::Secret("planted"), "tenant 1");
  REQUIRE(ciphertext.ok());

  vault->SetSealed(true);
  const absl::Time start = clock.Now();
  const absl::Status read = ReadDocument(*session).status();
  CHECK(clock.Now() - start <= absl::Seconds(30));
  const absl::Status opened = transit->Decrypt(*ciphertext, "tenant 1").status();
  const absl::Status login = ReadDocument(*OpenAsRole({"role", "planted-id"})).status();
  vault->SetSealed(false);
  for (const absl::Status& status : {read, opened, login}) {
    INFO(status);
    CHECK(absl::IsUnavailable(status));
    CHECK(Says(status, "is sealed, or down for maintenance (503)"));
  }

  CHECK(Read(*session) == "planted-password");
  CHECK(transit->Decrypt(*ciphertext, "tenant 1")->Reveal() == "planted");
  CHECK(logins == 3);  // the third was made while it was sealed
}

}  // namespace
}  // namespace penstock::secrets
