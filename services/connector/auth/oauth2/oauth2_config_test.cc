#include "services/connector/auth/oauth2/oauth2_config.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/status/details.h"

namespace penstock::connector {
namespace {

using Json = nlohmann::json;

OAuth2Config Read(const char* json) { return OAuth2Config::FromJson(Json::parse(json)).value(); }

std::vector<std::string> WrongFields(const char* json) {
  std::vector<std::string> fields;
  const absl::Status status = OAuth2Config::FromJson(Json::parse(json)).status();
  for (const FieldViolation& wrong : ViolationsOf(status)) fields.push_back(wrong.field);
  return fields;
}

TEST_CASE("what is not said has its default") {
  const OAuth2Config config = Read(
      R"({"grant_type":"authorization_code","client_id":"c","token_url":"https://a.example/t"})");
  CHECK(config.grant_type == GrantType::kAuthorizationCode);
  CHECK(config.client_auth == ClientAuth::kBasic);
  CHECK(config.refresh_url == "https://a.example/t");
  CHECK(config.pkce == Pkce::kRequired);
  CHECK(config.rotation == Rotation::kRotating);
  CHECK(config.scope_separator == " ");
  CHECK(config.expires_in_unit == absl::Seconds(1));
  CHECK(config.access_ttl == absl::ZeroDuration());
  CHECK(config.inject.in == Placement::In::kHeader);
  CHECK(config.inject.name == "Authorization");
  CHECK(config.inject.prefix == "Bearer ");
  CHECK(config.has_client_secret());
  CHECK_FALSE(config.signs_assertions());
}

TEST_CASE("everything that can be said is read") {
  const OAuth2Config config = Read(R"({
    "grant_type": "jwt_bearer", "client_id": "c", "token_url": "https://a.example/t",
    "refresh_url": "https://a.example/r", "client_auth": "post", "basic_encoding": "raw",
    "pkce": "unsupported", "scope_separator": ",", "scope_parameter": "user_scope",
    "authorize_parameters": {"access_type": "offline"}, "token_parameters": {"resource": "x"},
    "token_body": "json", "token_path": "authed_user", "rotation": "grace", "grace_seconds": 1800,
    "access_ttl_seconds": 3600.0, "refresh_idle_ttl_seconds": 60,
    "refresh_absolute_ttl_seconds": 70,
    "expires_in_unit": "milliseconds", "revoke_style": "query_get",
    "inject": {"in": "query", "name": "access_token"},
    "from_token": [{"name": "instance_url", "path": "a.b", "hosts": ["*.example.com"]}],
    "jwt": {"issuer": "i", "subject": "s", "audience": "a", "key_id": "k", "algorithm": "ES256",
            "lifetime_seconds": 120, "claims": {"x": 1}, "scope_in_assertion": true}})");
  CHECK(config.grant_type == GrantType::kJwtBearer);
  CHECK(config.signs_assertions());
  CHECK(config.has_client_secret());
  CHECK(config.refresh_url == "https://a.example/r");
  CHECK(config.basic_encoding == BasicEncoding::kRaw);
  CHECK(config.pkce == Pkce::kUnsupported);
  CHECK(config.scope_separator == ",");
  CHECK(config.scope_parameter == "user_scope");
  CHECK(config.authorize_parameters.at("access_type") == "offline");
  CHECK(config.token_parameters.at("resource") == "x");
  CHECK(config.token_body == TokenBody::kJson);
  CHECK(config.token_path == "authed_user");
  CHECK(config.rotation == Rotation::kGrace);
  CHECK(config.grace_period == absl::Minutes(30));
  CHECK(config.access_ttl == absl::Hours(1));
  CHECK(config.refresh_idle_ttl == absl::Minutes(1));
  CHECK(config.refresh_absolute_ttl == absl::Seconds(70));
  CHECK(config.expires_in_unit == absl::Milliseconds(1));
  CHECK(config.revoke_style == RevokeStyle::kQueryGet);
  CHECK(config.inject.in == Placement::In::kQuery);
  CHECK(config.inject.prefix.empty());
  REQUIRE(config.from_token.size() == 1);
  CHECK(config.from_token[0].path == "a.b");
  CHECK(config.from_token[0].hosts == std::vector<std::string>{"*.example.com"});
  CHECK(config.jwt.algorithm == jwt::Algorithm::kEs256);
  CHECK(config.jwt.lifetime == absl::Minutes(2));
  CHECK(config.jwt.claims == Json{{"x", 1}});
  CHECK(config.jwt.scope_in_assertion);
}

TEST_CASE("Authorization named without a prefix still says Bearer, another header does not") {
  CHECK(Read(R"({"inject":{"in":"header","name":"authorization"}})").inject.prefix == "Bearer ");
  CHECK(Read(R"({"inject":{"name":"X-Shopify-Access-Token"}})").inject.prefix.empty());
  CHECK(Read(R"({"inject":{"prefix":"token "}})").inject.prefix == "token ");
}

TEST_CASE("who has no secret by its nature has none by default") {
  CHECK(Read(R"({"grant_type":"device_code"})").client_auth == ClientAuth::kNone);
  CHECK(Read(R"({"grant_type":"jwt_bearer"})").client_auth == ClientAuth::kNone);
  CHECK(Read(R"({"grant_type":"client_credentials"})").client_auth == ClientAuth::kBasic);
}

TEST_CASE("every member that can't be read is named, and nothing throws") {
  CHECK(WrongFields("[]") == std::vector<std::string>{""});
  CHECK(WrongFields(R"({"grant_type":"password","client_auth":7,"access_ttl_seconds":1.5,
                        "inject":[],"from_token":[1,{"hosts":["a",2]}],"token_parameters":{"a":1},
                        "jwt":{"algorithm":"HS256","scope_in_assertion":"yes"}})") ==
        std::vector<std::string>{
            "grant_type", "client_auth", "token_parameters.a", "access_ttl_seconds", "inject",
            "from_token[0]", "from_token[1].hosts[1]", "jwt.algorithm", "jwt.scope_in_assertion"});
}

}  // namespace
}  // namespace penstock::connector
