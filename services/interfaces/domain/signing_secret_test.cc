#include "services/interfaces/domain/signing_secret.h"

#include <catch2/catch.hpp>

#include "libs/crypto/encoding.h"

namespace penstock::interfaces {
namespace {

TEST_CASE("secrets made here are whsec_ and 32 bytes, and never the same") {
  const std::string secret = MakeSigningSecret();
  REQUIRE(secret.starts_with("whsec_"));
  CHECK(crypto::Base64Decode(secret.substr(6))->size() == 32);
  CHECK(CheckSigningSecret(secret).ok());
  CHECK(secret != MakeSigningSecret());
}

TEST_CASE("secrets of others are taken when they can be one") {
  CHECK(CheckSigningSecret("8f742231b10e8888abcd99yyyzzz85a5").ok());
  for (const char* bad : {"", "short", "with space in it", "tab\tinside", "whsec_short",
                          "whsec_%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%"}) {
    const absl::Status status = CheckSigningSecret(bad);
    CHECK(absl::IsInvalidArgument(status));
    if (*bad != '\0') CHECK(std::string(status.message()).find(bad) == std::string::npos);
  }
  CHECK(!CheckSigningSecret(std::string(1025, 'x')).ok());
}

TEST_CASE("names are letters, digits, underscore and dash") {
  for (const char* good : {"a", "github-main_2", "0"}) CHECK(IsSigningSecretName(good));
  for (const char* bad : {"", "a b", "a/b", "\xc3\xa4"}) CHECK(!IsSigningSecretName(bad));
  CHECK(IsSigningSecretName(std::string(64, 'x')));
  CHECK(!IsSigningSecretName(std::string(65, 'x')));
}

}  // namespace
}  // namespace penstock::interfaces
