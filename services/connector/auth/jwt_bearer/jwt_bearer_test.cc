#include "services/connector/auth/jwt_bearer/jwt_bearer.h"

#include <catch2/catch.hpp>

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/testing/keys.h"
#include "libs/status/details.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

std::string Sent(const std::string& config, const std::string& field, const std::string& key) {
  return HeaderOf(
      Authenticated(*MakeJwtBearerStrategy(), {.config = config, .secrets = {{field, key}}})
          .value(),
      "authorization");
}

Json Part(const std::string& token, int part) {
  size_t begin = 0;
  for (; part > 0; --part) begin = token.find('.', begin) + 1;
  return Json::parse(
      crypto::Base64UrlDecode(token.substr(begin, token.find('.', begin) - begin)).value());
}

TEST_CASE("a token says who, until when and with which key") {
  const std::string sent =
      Sent(R"({"algorithm":"RS256","key_id":"k","issuer":"i","subject":"s","audience":"a",
               "lifetime_seconds":540,"backdate_seconds":60,"jti":true,"claims":{"x":[1]}})",
           "private_key", crypto::TestRsaKey());
  REQUIRE(sent.rfind("Bearer ", 0) == 0);
  const std::string token = sent.substr(7);
  CHECK(Part(token, 0) == Json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "k"}});
  CHECK(Part(token, 1) == Json{{"iss", "i"},
                               {"sub", "s"},
                               {"aud", "a"},
                               {"iat", 1440938160 - 60},
                               {"exp", 1440938160 + 540},
                               {"jti", "0123456789abcdef0123456789abcdef"},
                               {"x", {1}}});
  const size_t dot = token.rfind('.');
  CHECK(crypto::VerifySha256(crypto::PublicKeyOf(crypto::TestRsaKey()), token.substr(0, dot),
                             crypto::Base64UrlDecode(token.substr(dot + 1)).value()));
}

TEST_CASE("what the config does not say is no claim") {
  const std::string token =
      Sent(R"({"algorithm":"EdDSA","prefix":""})", "private_key", crypto::TestEd25519Key());
  CHECK(Part(token, 1) == Json{{"iat", 1440938130}, {"exp", 1440938460}});
}

TEST_CASE("the key of HS256 is decoded as the vendor encodes it") {
  const std::string token = Sent(R"({"algorithm":"HS256","key_encoding":"hex","prefix":"Ghost "})",
                                 "signing_secret", "00FFab")
                                .substr(6);
  const size_t dot = token.rfind('.');
  CHECK(crypto::Base64UrlDecode(token.substr(dot + 1)) ==
        crypto::HmacSha256(std::string("\0\xff\xab", 3), token.substr(0, dot)));
  const absl::Status status =
      Authenticated(*MakeJwtBearerStrategy(),
                    {.config = R"({"algorithm":"HS256","key_encoding":"hex"})",
                     .secrets = {{"signing_secret", "xyz"}}})
          .status();
  CHECK(status.message() == "the secret \"signing_secret\" is not hexadecimal");
}

TEST_CASE("a key of another kind is refused") {
  const absl::Status status =
      Authenticated(*MakeJwtBearerStrategy(), {.config = R"({"algorithm":"ES256"})",
                                               .secrets = {{"private_key", crypto::TestRsaKey()}}})
          .status();
  CHECK(ReasonOf(status) == "CREDENTIAL_INVALID");
  CHECK(status.message() == "the secret \"private_key\" is not a key of the curve P-256");
}

TEST_CASE("claims that have members of their own are not among the others") {
  CHECK(WrongIn(*MakeJwtBearerStrategy(), R"({"algorithm":"RS256","claims":{"exp":1,"a":1}})") ==
        "claims.exp: is set by other members\n");
  CHECK(WrongIn(*MakeJwtBearerStrategy(), R"({"algorithm":"RS256","key_encoding":"hex"})") ==
        "key_encoding: is only for HS256; other keys are PEM\n");
}

}  // namespace
}  // namespace penstock::connector
