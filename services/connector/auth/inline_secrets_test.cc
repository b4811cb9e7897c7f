#include "services/connector/auth/inline_secrets.h"

#include <catch2/catch.hpp>
#include <string>

namespace penstock::connector {
namespace {

using Json = nlohmann::json;

// The fields that are refused.
std::string Refused(const Json& config) {
  std::vector<FieldViolation> wrong;
  CheckNoInlineSecrets(config, wrong);
  std::string fields;
  for (const FieldViolation& violation : wrong) fields += violation.field + " ";
  return fields;
}

TEST_CASE("members that are called like secrets are found wherever they are") {
  for (const char* name : {"secret",        "client_secret", "clientSecret",   "password",
                           "Passphrase",    "token",         "access_token",   "refreshToken",
                           "api_key",       "apikey",        "apiKey",         "X-Api-Key",
                           "private_key",   "privateKey",    "signing_secret", "secret_access_key",
                           "Authorization", "credentials",   "DD-API-KEY",     "shared_key",
                           "X-Auth-Token"}) {
    INFO(name);
    CHECK(Refused({{name, "abc"}}) == std::string(name) + " ");
    CHECK(Refused({{"headers", {{name, "abc"}}}}) == "headers." + std::string(name) + " ");
    CHECK(Refused({{name, 12345}}) != "");
    CHECK(Refused({{"a", {{{name, "abc"}}}}}) == "a[0]." + std::string(name) + " ");
    CHECK(Refused({{name, "Bearer {{secret.token}}"}}) == "");
    CHECK(Refused({{name, ""}}) == "");
  }
}

TEST_CASE("members that only sound like secrets are not") {
  for (const char* name : {"token_url", "token_path", "token_body", "key_id", "keyId", "pkce",
                           "client_id", "secret_count", "tokenizer", "name", "key_encoding",
                           "timestamp_header", "private_key_format", "monkey", "broken"}) {
    INFO(name);
    CHECK(Refused({{name, "abc"}}) == "");
  }
  CHECK(Refused({{"in", "header"}, {"name", "X-Api-Key"}, {"prefix", "Token "}}) == "");
  CHECK(Refused({{"token_parameters", {{"resource", "https://a.example.com"}}}}) == "");
}

// Put together here, so that nothing that scans this file takes them for real ones.
TEST_CASE("texts that look like secrets are found whatever they are called") {
  const std::string long_text(40, 'a');
  for (const std::string& value :
       {"-----BEGIN " + std::string("RSA PRIVATE KEY-----\nMIIE"), "sk_" + ("live_" + long_text),
        "gh" + ("p_" + long_text), "xox" + ("b-" + long_text), "AKIA" + std::string(16, 'Q'),
        "AIz" + ("a" + long_text), "ey" + ("J" + long_text + ".eyJ" + long_text + "." + long_text),
        "Bearer gl" + ("pat-" + long_text), std::string("https://user:pass@h.example.com/"),
        std::string("https://h.example.com/?access_token=abc&x=1"),
        std::string("https://h.example.com/?x=1&api_key=abc")}) {
    INFO(value);
    CHECK(Refused({{"x", value}}) == "x ");
    std::vector<FieldViolation> wrong;
    CheckNoInlineSecrets({{"x", value}}, wrong);
    CHECK(wrong[0].description.find(value.substr(0, 12)) == std::string::npos);
  }
}

TEST_CASE("ids, URLs and words are left alone") {
  for (const char* value :
       {"8a61f9b3-a7ab-a766-8a61-f9b3a7aba766", "1234-abc.apps.googleusercontent.com",
        "Iv1.8a61f9b3a7aba766", "https://login.example.com/token?tenant=x", "k3x9Q2m5t8w1z4v7b0n6",
        "basic", "user@example.com", "https://h.example.com/?api_key={{secret.key}}"}) {
    INFO(value);
    CHECK(Refused({{"client_id", value}}) == "");
  }
  for (const Json& config : {Json(), Json(1), Json("x"), Json::array({1, "a"})}) {
    CHECK(Refused(config) == "");
  }
}

}  // namespace
}  // namespace penstock::connector
