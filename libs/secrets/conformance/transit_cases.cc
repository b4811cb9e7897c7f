// The transit engine: what connector-service wraps tenants' keys with.
#include <catch2/catch.hpp>
#include <string>

#include "libs/secrets/conformance/fixture.h"

namespace penstock::secrets {
namespace {

struct TransitCase : ConformanceFixture {
  TransitCase() {
    vault->RotateKey(kKey);
    transit = OpenTransit(Rules());
  }
  std::string Encrypt(std::string_view plaintext = "planted") {
    const auto ciphertext = transit->Encrypt(crypto::Secret(plaintext), "tenant 1");
    INFO(ciphertext.status());
    REQUIRE(ciphertext.ok());
    return *ciphertext;
  }
  std::string Decrypt(const std::string& ciphertext) {
    const auto plaintext = transit->Decrypt(ciphertext, "tenant 1");
    return plaintext.ok() ? std::string(plaintext->Reveal()) : plaintext.status().ToString();
  }
  std::unique_ptr<vault::Transit> transit;
};

TEST_CASE_METHOD(TransitCase, "what was encrypted is decrypted, whatever bytes it has") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  const std::string ciphertext = Encrypt(bytes);
  CHECK(ciphertext.starts_with("vault:v1:"));
  CHECK(Decrypt(ciphertext) == bytes);
  CHECK(Encrypt(bytes) != ciphertext);
}

TEST_CASE_METHOD(TransitCase, "versions of a key follow each other, and old ones can be shut out") {
  const std::string old = Encrypt();
  vault->RotateKey(kKey);
  CHECK(Encrypt().starts_with("vault:v2:"));
  CHECK(Decrypt(old) == "planted");
  vault->SetMinDecryptionVersion(kKey, 2);
  const absl::Status status = transit->Decrypt(old, "tenant 1").status();
  INFO(status);
  CHECK(absl::IsDataLoss(status));
  CHECK(Says(status, "too old"));
  CHECK(Decrypt(Encrypt()) == "planted");
}

TEST_CASE_METHOD(TransitCase, "what does not open is data loss") {
  const std::string ciphertext = Encrypt();
  CHECK(absl::IsDataLoss(transit->Decrypt(ciphertext, "tenant 2").status()));
  CHECK(absl::IsDataLoss(transit->Decrypt(ciphertext, "").status()));
  CHECK(absl::IsDataLoss(transit->Decrypt("vault:v7:AAAA", "tenant 1").status()));
  CHECK(absl::IsDataLoss(transit->Decrypt("vault:v1:AAAA", "tenant 1").status()));
  CHECK(absl::IsDataLoss(transit->Decrypt("vault:vx:AAAA", "tenant 1").status()));
  CHECK(absl::IsDataLoss(transit->Decrypt("vault:v1:====", "tenant 1").status()));
  std::string changed = ciphertext;
  changed[20] = changed[20] == 'A' ? 'B' : 'A';
  CHECK(absl::IsDataLoss(transit->Decrypt(changed, "tenant 1").status()));
  vault->RotateKey("another");
  const TokenRules rules{.may_update = {vault->transit() + "/decrypt/another"}};
  CHECK(absl::IsDataLoss(OpenTransit(rules, "another")->Decrypt(ciphertext, "tenant 1").status()));
}

TEST_CASE_METHOD(TransitCase, "a key that is gone opens nothing, and none is made in its place") {
  const std::string ciphertext = Encrypt();
  vault->DeleteKey(kKey);
  CHECK(absl::IsDataLoss(transit->Decrypt(ciphertext, "tenant 1").status()));
  const absl::Status status = transit->Encrypt(crypto::Secret("planted"), "tenant 1").status();
  INFO(status);
  CHECK(absl::IsPermissionDenied(status));
  vault->RotateKey(kKey);
  CHECK(absl::IsDataLoss(transit->Decrypt(ciphertext, "tenant 1").status()));
}

TEST_CASE_METHOD(TransitCase, "without the policy for it a key can't be used") {
  const TokenRules rules{.may_update = {vault->transit() + "/encrypt/" + kKey}};
  const auto limited = OpenTransit(rules);
  const auto ciphertext = limited->Encrypt(crypto::Secret("planted"), "tenant 1");
  REQUIRE(ciphertext.ok());
  CHECK(absl::IsPermissionDenied(limited->Decrypt(*ciphertext, "tenant 1").status()));
}

TEST_CASE_METHOD(TransitCase, "a token that was taken back is replaced") {
  const std::string ciphertext = Encrypt();
  vault->RevokeLogins();
  CHECK(Decrypt(ciphertext) == "planted");
  CHECK(logins == 2);
}

}  // namespace
}  // namespace penstock::secrets
