#include "libs/crypto/private_key.h"

#include <catch2/catch.hpp>

#include "libs/crypto/certificate.h"
#include "libs/crypto/testing/keys.h"

namespace penstock::crypto {
namespace {

TEST_CASE("an RSA key signs what its public key verifies, the same each time") {
  const PrivateKey key = PrivateKey::FromPem(TestRsaKey()).value();
  const std::string signature = key.SignRsaSha256("message").value();
  CHECK(signature.size() == 256);
  CHECK(signature == key.SignRsaSha256("message").value());
  CHECK(VerifySha256(PublicKeyOf(TestRsaKey()), "message", signature));
  CHECK_FALSE(VerifySha256(PublicKeyOf(TestRsaKey()), "massage", signature));
}

TEST_CASE("a P-256 key signs with r and s of 32 bytes each, however small they are") {
  const PrivateKey key = PrivateKey::FromPem(TestP256Key()).value();
  const std::string public_key = PublicKeyOf(TestP256Key());
  // One r or s in 256 has a leading zero; in a thousand signatures some do.
  bool some_padded = false;
  for (int i = 0; i < 1000; ++i) {
    const std::string signature = key.SignP256Sha256("message").value();
    REQUIRE(signature.size() == 64);
    const bool padded = signature[0] == '\0' || signature[32] == '\0';
    some_padded = some_padded || padded;
    if (i == 0 || padded) REQUIRE(VerifySha256(public_key, "message", signature));
  }
  CHECK(some_padded);
}

TEST_CASE("a key of another kind does not sign") {
  const PrivateKey rsa = PrivateKey::FromPem(TestRsaKey()).value();
  const PrivateKey p256 = PrivateKey::FromPem(TestP256Key()).value();
  const PrivateKey p384 = PrivateKey::FromPem(TestP384Key()).value();
  const PrivateKey small = PrivateKey::FromPem(NewTestRsaKey(1024)).value();
  CHECK(rsa.SignP256Sha256("m").status().message() == "is not a key of the curve P-256");
  CHECK(p384.SignP256Sha256("m").status().message() == "is not a key of the curve P-256");
  CHECK(p256.SignRsaSha256("m").status().message() == "is not an RSA key");
  CHECK(small.SignRsaSha256("m").status().message() == "is an RSA key of fewer than 2,048 bits");
}

TEST_CASE("what is no key is refused without a word of it") {
  std::string cut = TestP256Key();
  cut.erase(cut.size() / 2, 20);
  for (const std::string& text :
       {std::string(), std::string("secret"), cut, PublicKeyOf(TestRsaKey())}) {
    const absl::Status status = PrivateKey::FromPem(text).status();
    CHECK(status.message() == "is not a private key in PEM");
  }
  const std::string encrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIF\n-----END ENCRYPTED PRIVATE KEY-----\n";
  CHECK(PrivateKey::FromPem(encrypted).status().message() ==
        "is encrypted: it must be given without a passphrase");
}

TEST_CASE("a certificate says when it is valid and whose it is") {
  const absl::Time from = absl::FromUnixSeconds(1'700'000'000), to = from + absl::Hours(24 * 365);
  const std::string leaf = TestCertificate(TestP256Key(), from, to);
  const std::string other = TestCertificate(TestRsaKey(), from, from);
  const Certificate certificate = Certificate::FromPem(leaf + other).value();
  CHECK(certificate.not_before() == from);
  CHECK(certificate.not_after() == to);
  CHECK(certificate.BelongsTo(PrivateKey::FromPem(TestP256Key()).value()));
  CHECK_FALSE(certificate.BelongsTo(PrivateKey::FromPem(TestRsaKey()).value()));
  CHECK_FALSE(certificate.BelongsTo(PrivateKey::FromPem(TestP384Key()).value()));
}

TEST_CASE("what is no chain of certificates is refused") {
  const absl::Time from = absl::FromUnixSeconds(1'700'000'000);
  const std::string leaf = TestCertificate(TestP256Key(), from, from);
  CHECK(Certificate::FromPem("").status().message() == "is not a certificate in PEM");
  CHECK(Certificate::FromPem(TestP256Key()).status().message() == "is not a certificate in PEM");
  std::string broken = leaf;
  broken.erase(broken.size() / 2, 30);
  CHECK_FALSE(Certificate::FromPem(broken).ok());
  CHECK(Certificate::FromPem(leaf + broken).status().message() ==
        "is a chain of which not every certificate can be read");
}

}  // namespace
}  // namespace penstock::crypto
