#include "libs/crypto/ed25519.h"

#include <catch2/catch.hpp>

#include "libs/crypto/encoding.h"

namespace penstock::crypto {
namespace {

std::string Hex(std::string_view text) { return *HexDecode(text); }

TEST_CASE("signatures are those of RFC 8032") {
  struct Vector {
    const char *seed, *public_key, *message, *signature;
  };
  // RFC 8032, 7.1, tests 1 and 3.
  const Vector vectors[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf"
       "9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984"
       "dc6594a7c15e9716ed28dc027beceea1ec40a"}};
  for (const Vector& vector : vectors) {
    const Ed25519PrivateKey key = *Ed25519PrivateKey::Create(Hex(vector.seed));
    CHECK(HexEncode(key.public_key().bytes()) == vector.public_key);
    CHECK(HexEncode(key.Sign(Hex(vector.message))) == vector.signature);
    CHECK(key.public_key().Verify(Hex(vector.message), Hex(vector.signature)));
  }
}

TEST_CASE("a signature is of one message and one key") {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Random();
  std::string signature = key.Sign("message");
  CHECK_FALSE(key.public_key().Verify("massage", signature));
  CHECK_FALSE(Ed25519PrivateKey::Random().public_key().Verify("message", signature));
  CHECK_FALSE(key.public_key().Verify("message", signature + "x"));
  CHECK_FALSE(key.public_key().Verify("message", ""));
  signature[10] ^= 1;
  CHECK_FALSE(key.public_key().Verify("message", signature));
}

TEST_CASE("a key that openssl wrote is read, and ours are written alike") {
  // openssl genpkey -algorithm ed25519; openssl pkey -pubout
  constexpr char kPrivate[] =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "-----END PRIVATE KEY-----\n";
  constexpr char kPublic[] =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n";  // the pair of RFC 8410, 10.3
  const Ed25519PrivateKey key = *Ed25519PrivateKey::FromPem(kPrivate);
  CHECK(key.public_key() == *Ed25519PublicKey::FromPem(kPublic));
  CHECK(key.ToPem() == kPrivate);
  CHECK(key.public_key().ToPem() == kPublic);
}

TEST_CASE("what is no Ed25519 key is refused") {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Random();
  CHECK_FALSE(Ed25519PublicKey::FromPem(key.ToPem()).ok());
  CHECK_FALSE(Ed25519PrivateKey::FromPem(key.public_key().ToPem()).ok());
  CHECK_FALSE(Ed25519PrivateKey::FromPem("").ok());
  CHECK_FALSE(
      Ed25519PrivateKey::FromPem("-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----")
          .ok());
  CHECK_FALSE(Ed25519PublicKey::Create(std::string(31, 'a')).ok());
  // The neutral element would verify whatever is asked.
  CHECK_FALSE(Ed25519PublicKey::Create(std::string(1, 1) + std::string(31, 0)).ok());
}

}  // namespace
}  // namespace penstock::crypto
