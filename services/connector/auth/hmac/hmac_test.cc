#include "services/connector/auth/hmac/hmac.h"

#include <catch2/catch.hpp>

#include "libs/crypto/encoding.h"
#include "libs/crypto/mac.h"
#include "libs/status/details.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

using crypto::MacDigest;

egress::HttpRequest Signed(const std::string& config, const std::string& key,
                           const std::string& body = "", Writing writing = Writing::kSent) {
  Try attempt{.config = config, .secrets = {{"signing_secret", key}}, .writing = writing};
  attempt.request.method = "POST";
  attempt.request.body = body;
  return Authenticated(*MakeHmacStrategy(), attempt).value();
}

std::string Wrong(const std::string& config) { return WrongIn(*MakeHmacStrategy(), config); }

// The worked example of Slack's "Verifying requests from Slack".
TEST_CASE("a vendor's own example comes out") {
  Try attempt{.config = R"({"algorithm":"sha256","header":"X-Slack-Signature","prefix":"v0=",
                            "template":"v0:{{timestamp}}:{{body}}",
                            "timestamp_header":"X-Slack-Request-Timestamp"})",
              .secrets = {{"signing_secret", "8f742231b10e8888abcd99yyyzzz85a5"}},
              .now = absl::FromUnixSeconds(1531420618)};
  attempt.request.body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
      "G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-"
      "collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%"
      "2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
      "803a0bc887a14d10d2c447fce8b6703c";
  const auto request = Authenticated(*MakeHmacStrategy(), attempt).value();
  CHECK(HeaderOf(request, "x-slack-signature") ==
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
  CHECK(HeaderOf(request, "x-slack-request-timestamp") == "1531420618");
}

TEST_CASE("everything that can be signed is what is sent") {
  const egress::HttpRequest request = Signed(
      R"({"algorithm":"sha512","header":"Authorization","encoding":"base64","key_encoding":"hex",
          "template":"{{method}} {{host}} {{path}} {{query}} {{target}} {{timestamp}} {{nonce}} )"
      R"({{body_sha256}} {{key_id}}",
          "prefix":"HMAC {{key_id}}:{{nonce}}:","timestamp_format":"rfc3339",
          "timestamp_header":"X-Date","key_id":"k-1","key_id_header":"X-Key"})",
      "00ff", "abc");
  const std::string text =
      "POST api.example.com /v1/items page=2 /v1/items?page=2 2015-08-30T12:36:00Z "
      "0123456789abcdef0123456789abcdef "
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad k-1";
  CHECK(HeaderOf(request, "authorization") ==
        "HMAC k-1:0123456789abcdef0123456789abcdef:" +
            crypto::Base64Encode(crypto::Hmac(MacDigest::kSha512, std::string("\0\xff", 2), text)));
  CHECK(HeaderOf(request, "x-date") == "2015-08-30T12:36:00Z");
  CHECK(HeaderOf(request, "x-key") == "k-1");
}

TEST_CASE("timestamps have the vendor's form") {
  const auto time = [](const std::string& format) {
    return HeaderOf(
        Signed(R"({"algorithm":"sha1","header":"S","template":"x","timestamp_header":"T",
                               "timestamp_format":")" +
                   format + "\"}",
               "k"),
        "T");
  };
  CHECK(time("seconds") == "1440938160");
  CHECK(time("milliseconds") == "1440938160000");
  CHECK(time("http_date") == "Sun, 30 Aug 2015 12:36:00 GMT");
}

TEST_CASE("a key in base64 may be of either alphabet, padded or not") {
  const std::string config =
      R"({"algorithm":"sha1","header":"S","template":"x","key_encoding":"base64"})";
  const std::string expected =
      crypto::HexEncode(crypto::Hmac(MacDigest::kSha1, "\xfb\xff\xfe\x01", "x"));
  for (const char* key : {"+//+AQ==", "-__-AQ==", "-__-AQ", "+//+AQ"}) {
    CHECK(HeaderOf(Signed(config, key), "S") == expected);
  }
  const absl::Status status =
      Authenticated(*MakeHmacStrategy(), {.config = config, .secrets = {{"signing_secret", "!"}}})
          .status();
  CHECK(ReasonOf(status) == "CREDENTIAL_INVALID");
}

TEST_CASE("a dry run shows that there is a signature") {
  CHECK(HeaderOf(Signed(R"({"algorithm":"sha256","header":"S","template":"x","prefix":"v0="})",
                        "{{secret.signing_secret}}", "", Writing::kShown),
                 "S") == "v0={{HMAC-sha256 by secret.signing_secret}}");
}

TEST_CASE("a config that could not be verified is refused") {
  const std::string base = R"({"algorithm":"sha256","header":"S",)";
  CHECK(Wrong(base + R"("template":"{{secret.signing_secret}}"})") ==
        "template: has {{secret.signing_secret}}, which is not known here\n");
  CHECK(Wrong(base + R"("template":"{{body"})").rfind("template: has a \"{{\"", 0) == 0);
  CHECK(Wrong(base + R"("template":"x","prefix":"{{body}}"})").rfind("prefix: ", 0) == 0);
  CHECK(Wrong(base + R"("template":"x","prefix":"a\nb"})") ==
        "prefix: has line breaks or other control characters\n");
  CHECK(Wrong(base + R"("template":"{{nonce}}"})").rfind("nonce_header: is needed", 0) == 0);
  CHECK(Wrong(base + R"("template":"{{timestamp}}"})").rfind("timestamp_header: is needed", 0) ==
        0);
  CHECK(Wrong(base + R"("template":"{{key_id}}"})") == "key_id: is needed\n");
  CHECK(Wrong(R"({"algorithm":"sha256","header":"Host","template":"x"})").rfind("header: ", 0) ==
        0);
  CHECK(Wrong(base + R"("template":"{{timestamp}}","prefix":"t={{timestamp}},v1="})") == "");
}

}  // namespace
}  // namespace penstock::connector
