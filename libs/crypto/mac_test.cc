#include "libs/crypto/mac.h"

#include <catch2/catch.hpp>

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"

namespace penstock::crypto {
namespace {

std::string Hex(MacDigest digest, std::string_view key, std::string_view data) {
  return HexEncode(Hmac(digest, key, data));
}

TEST_CASE("the test vectors of RFC 2202 and RFC 4231 come out") {
  CHECK(Hex(MacDigest::kSha1, "Jefe", "what do ya want for nothing?") ==
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(Hex(MacDigest::kSha1, std::string(80, '\xaa'),
            "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  CHECK(Hex(MacDigest::kSha256, "Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(Hex(MacDigest::kSha512, "Jefe", "what do ya want for nothing?") ==
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

TEST_CASE("it agrees with our own, for empty keys and texts too") {
  for (const std::string& key : {std::string(), std::string("k"), std::string(200, 'k')}) {
    for (const std::string& data : {std::string(), std::string("data")}) {
      CHECK(Hmac(MacDigest::kSha256, key, data) == HmacSha256(key, data));
    }
  }
  CHECK(Hmac(MacDigest::kSha256, std::string_view(), "d") == HmacSha256("", "d"));
}

}  // namespace
}  // namespace penstock::crypto
