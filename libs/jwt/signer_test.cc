#include "libs/jwt/signer.h"

#include <catch2/catch.hpp>

#include "libs/crypto/ed25519.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/testing/keys.h"

namespace penstock::jwt {
namespace {

std::string Decoded(std::string_view text) { return crypto::Base64UrlDecode(text).value(); }

struct Parts {
  std::string header, claims, signed_text, signature;
};
Parts PartsOf(const std::string& token) {
  const size_t first = token.find('.'), second = token.find('.', first + 1);
  return {Decoded(token.substr(0, first)), Decoded(token.substr(first + 1, second - first - 1)),
          token.substr(0, second), Decoded(token.substr(second + 1))};
}

TEST_CASE("HS256: RFC 7515 appendix A.1") {
  const Signer signer =
      Signer::Create(Algorithm::kHs256, Decoded("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-"
                                                "1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"))
          .value();
  CHECK(crypto::Base64UrlEncode(signer.SignatureOf(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAs"
            "DQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ")) ==
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST_CASE("EdDSA: RFC 8037 appendix A.4") {
  const std::string pem =
      crypto::Ed25519PrivateKey::Create(Decoded("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
          .value()
          .ToPem();
  CHECK(crypto::Base64UrlEncode(
            Signer::Create(Algorithm::kEdDsa, pem)
                .value()
                .SignatureOf("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")) ==
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST_CASE("RS256 and ES256 are what the public key verifies") {
  for (const auto& [algorithm, key] : {std::pair(Algorithm::kRs256, crypto::TestRsaKey()),
                                       std::pair(Algorithm::kEs256, crypto::TestP256Key())}) {
    const std::string token = Signer::Create(algorithm, key).value().Sign({{"iss", "me"}});
    const Parts parts = PartsOf(token);
    CHECK(crypto::VerifySha256(crypto::PublicKeyOf(key), parts.signed_text, parts.signature));
  }
}

TEST_CASE("header and claims are what was asked for") {
  const Signer signer = Signer::Create(Algorithm::kEs256, crypto::TestP256Key(), "k-1").value();
  const Parts parts = PartsOf(signer.Sign({{"iss", "me"}, {"exp", 12}, {"aud", {"a", "b"}}}));
  CHECK(parts.header == R"({"alg":"ES256","typ":"JWT","kid":"k-1"})");
  CHECK(parts.claims == R"({"iss":"me","exp":12,"aud":["a","b"]})");
  CHECK(PartsOf(Signer::Create(Algorithm::kHs256, "k").value().Sign({{"a", "\xff"}})).header ==
        R"({"alg":"HS256","typ":"JWT"})");
}

TEST_CASE("a key that does not fit is refused by what it is not") {
  const auto why = [](Algorithm algorithm, const std::string& key) {
    return std::string(Signer::Create(algorithm, key).status().message());
  };
  CHECK(why(Algorithm::kRs256, crypto::TestP256Key()) == "is not an RSA key");
  CHECK(why(Algorithm::kEs256, crypto::TestRsaKey()) == "is not a key of the curve P-256");
  CHECK(why(Algorithm::kEdDsa, crypto::TestRsaKey()) == "is not an Ed25519 private key in PEM");
  CHECK(why(Algorithm::kRs256, "PLANTED") == "is not a private key in PEM");
  CHECK(why(Algorithm::kHs256, "") == "is empty");
}

}  // namespace
}  // namespace penstock::jwt
