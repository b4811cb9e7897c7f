#include "services/workflow_engine/ingress/signature.h"

#include <map>

#include "catch2/catch.hpp"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {
namespace {

constexpr std::string_view kKey = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kBody = R"({"message":"hello"})";
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

using Headers = std::map<std::string, std::string, std::less<>>;

HeaderLookup In(const Headers& headers) {
  return [&headers](std::string_view name) -> std::optional<std::string_view> {
    auto found = headers.find(name);
    return found == headers.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
}

std::string Whsec(std::string_view key) { return "whsec_" + crypto::Base64Encode(key); }

SecretLookup Secrets(const Headers& secrets) { return In(secrets); }

std::string StandardSignature(std::string_view key, std::string_view id, std::string_view timestamp, std::string_view body) {
  std::string text(id);
  text.append(".").append(timestamp).append(".").append(body);
  return "v1," + crypto::Base64Encode(crypto::HmacSha256(key, text));
}

Headers Signed(std::string_view key = kKey, std::string timestamp = "1700000000") {
  return {{"webhook-id", "msg_1"}, {"webhook-timestamp", timestamp}, {"webhook-signature", StandardSignature(key, "msg_1", timestamp, kBody)}};
}

SignatureRule Standard() { return {.secrets = {"main"}}; }

std::string ReasonWith(const SignatureRule& rule, const Headers& headers, const Headers& secrets, std::string_view body = kBody) {
  absl::Status status = VerifySignature(rule, In(headers), body, Secrets(secrets), kNow);
  return status.ok() ? "OK" : ReasonOf(status);
}

TEST_CASE("a Standard Webhooks signature over the raw body is accepted") {
  CHECK(ReasonWith(Standard(), Signed(), {{"main", Whsec(kKey)}}) == "OK");
}

TEST_CASE("the published example of Standard Webhooks verifies") {
  SignatureRule rule = Standard();
  Headers headers = {{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
                     {"webhook-timestamp", "1614265330"},
                     {"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}};
  Headers secrets = {{"main", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
  absl::Status status = VerifySignature(rule, In(headers), R"({"test": 2432232314})", Secrets(secrets), absl::FromUnixSeconds(1614265330));
  CHECK(status.ok());
}

TEST_CASE("one changed byte of the body, id or time is a mismatch") {
  Headers secrets = {{"main", Whsec(kKey)}};
  CHECK(ReasonWith(Standard(), Signed(), secrets, R"({"message":"hellp"})") == "SIGNATURE_MISMATCH");
  Headers other_id = Signed();
  other_id["webhook-id"] = "msg_2";
  CHECK(ReasonWith(Standard(), other_id, secrets) == "SIGNATURE_MISMATCH");
  Headers other_time = Signed();
  other_time["webhook-timestamp"] = "1700000001";
  CHECK(ReasonWith(Standard(), other_time, secrets) == "SIGNATURE_MISMATCH");
}

TEST_CASE("a delivery outside the tolerance is refused on both sides") {
  Headers secrets = {{"main", Whsec(kKey)}};
  CHECK(ReasonWith(Standard(), Signed(kKey, "1699999699"), secrets) == "SIGNATURE_EXPIRED");
  CHECK(ReasonWith(Standard(), Signed(kKey, "1700000301"), secrets) == "SIGNATURE_EXPIRED");
  CHECK(ReasonWith(Standard(), Signed(kKey, "1699999700"), secrets) == "OK");
}

TEST_CASE("any of several signatures and any of several secrets is enough, so keys can rotate") {
  Headers headers = Signed("another key of some length 123456");
  headers["webhook-signature"] += " " + StandardSignature(kKey, "msg_1", "1700000000", kBody);
  CHECK(ReasonWith(Standard(), headers, {{"main", Whsec(kKey)}}) == "OK");
  SignatureRule rule = Standard();
  rule.secrets = {"old", "main"};
  CHECK(ReasonWith(rule, Signed(), {{"old", Whsec("x")}, {"main", Whsec(kKey)}}) == "OK");
}

TEST_CASE("missing headers, garbage and missing secrets are told apart") {
  Headers secrets = {{"main", Whsec(kKey)}};
  CHECK(ReasonWith(Standard(), {}, secrets) == "SIGNATURE_MISSING");
  Headers garbage = Signed(kKey, "17e8");
  CHECK(ReasonWith(Standard(), garbage, secrets) == "SIGNATURE_MISSING");
  Headers not_base64 = Signed();
  not_base64["webhook-signature"] = "v1,!!! v2,abc nonsense";
  CHECK(ReasonWith(Standard(), not_base64, secrets) == "SIGNATURE_MISMATCH");
  CHECK(ReasonWith(Standard(), Signed(), {}) == "SECRET_MISSING");
}

TEST_CASE("a generic HMAC is read from the header, prefix and encoding that the trigger names") {
  SignatureRule rule{.scheme = SignatureRule::Scheme::kHmacSha256, .secrets = {"main"}, .header = "x-hub-signature-256", .prefix = "sha256="};
  Headers secrets = {{"main", std::string(kKey)}};
  std::string mac = crypto::HmacSha256(kKey, kBody);
  CHECK(ReasonWith(rule, {{"x-hub-signature-256", "sha256=" + crypto::HexEncode(mac)}}, secrets) == "OK");
  CHECK(ReasonWith(rule, {{"x-hub-signature-256", crypto::HexEncode(mac)}}, secrets) == "SIGNATURE_MISSING");
  CHECK(ReasonWith(rule, {{"x-hub-signature-256", "sha256=" + crypto::HexEncode(mac).substr(2)}}, secrets) == "SIGNATURE_MISMATCH");
  CHECK(ReasonWith(rule, {{"x-hub-signature-256", "sha256=zz"}}, secrets) == "SIGNATURE_MISMATCH");
  rule.prefix = "";
  rule.base64 = true;
  CHECK(ReasonWith(rule, {{"x-hub-signature-256", crypto::Base64Encode(mac)}}, secrets) == "OK");
}

}  // namespace
}  // namespace penstock::workflow_engine
