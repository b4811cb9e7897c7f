#include "services/connector/auth/oauth2/oauth2.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/crypto/testing/keys.h"
#include "libs/status/details.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

const AuthStrategy& Strategy() {
  static const std::unique_ptr<AuthStrategy> strategy = MakeOAuth2Strategy({});
  return *strategy;
}

// A config that is right, but for these members; null takes one away.
std::string With(const char* changes) {
  Json config = {{"grant_type", "authorization_code"},
                 {"client_id", "c"},
                 {"authorize_url", "https://login.example.com/a"},
                 {"token_url", "https://login.example.com/t"}};
  config.merge_patch(Json::parse(changes));
  return config.dump();
}

std::string Wrong(const char* changes) { return WrongIn(Strategy(), With(changes)); }

std::vector<std::string> Fields(const char* changes) {
  std::vector<std::string> names;
  for (const SecretField& field : Strategy().secret_fields(Json::parse(With(changes)))) {
    names.push_back(field.name);
  }
  return names;
}

TEST_CASE("the access token goes where the provider wants it") {
  const std::map<std::string, std::string> token = {{"access_token", "at-1"}};
  const auto sent = [&](const char* changes) {
    return Authenticated(Strategy(), {.config = With(changes), .secrets = token}).value();
  };
  CHECK(HeaderOf(sent("{}"), "authorization") == "Bearer at-1");
  CHECK(HeaderOf(sent(R"({"inject":{"prefix":"Zoho-oauthtoken "}})"), "authorization") ==
        "Zoho-oauthtoken at-1");
  CHECK(HeaderOf(sent(R"({"inject":{"name":"X-Shopify-Access-Token"}})"),
                 "x-shopify-access-token") == "at-1");
  CHECK(sent(R"({"inject":{"in":"query","name":"access_token"}})").url ==
        "https://api.example.com/v1/items?page=2&access_token=at-1");
}

TEST_CASE("which secrets there are depends on grant and client authentication") {
  using Names = std::vector<std::string>;
  CHECK(Fields("{}") == Names{"client_secret"});
  CHECK(Fields(R"({"client_auth":"post"})") == Names{"client_secret"});
  CHECK(Fields(R"({"client_auth":"none"})") == Names{});
  CHECK(Fields(R"({"client_auth":"private_key_jwt"})") == Names{"private_key"});
  CHECK(Fields(R"({"grant_type":"jwt_bearer"})") == Names{"private_key"});
  CHECK(Fields(R"({"grant_type":"jwt_bearer","client_auth":"basic"})") ==
        Names{"client_secret", "private_key"});
  CHECK(Fields(R"({"grant_type":"device_code"})") == Names{});
}

TEST_CASE("a grant has the URLs that it needs") {
  CHECK(Wrong("{}") == "");
  CHECK(Wrong(R"({"authorize_url":null})") == "authorize_url: is needed for authorization_code\n");
  CHECK(Wrong(R"({"client_id":null})") == "client_id: is needed for authorization_code\n");
  CHECK(Wrong(R"({"grant_type":"device_code"})") == "device_url: is needed for device_code\n");
  CHECK(Wrong(R"({"grant_type":"client_credentials","authorize_url":null})") == "");
  CHECK(Wrong(R"({"grant_type":"jwt_bearer","client_id":null})") ==
        "jwt.issuer: is needed for jwt_bearer\n");
  CHECK(Wrong(R"({"grant_type":"jwt_bearer","client_id":null,"jwt":{"issuer":"me"}})") == "");
}

TEST_CASE("URLs are https, absolute and of public names") {
  for (const char* url :
       {"http://login.example.com/t", "https://127.0.0.1/t", "https://[::1]/t", "https://10.1/t",
        "https://0x7f.1/t", "https://localhost/t", "https://db/t", "https://a.internal/t",
        "https://a.local/t", "https://u:p@login.example.com/t", "login.example.com/t", "/t",
        "ftp://login.example.com", "https://login.example.com/t#f", "https://", "https://a..com/",
        "https://2130706433/", "https://exa mple.com/", "file:///etc/passwd"}) {
    INFO(url);
    for (const char* member :
         {"token_url", "authorize_url", "refresh_url", "revoke_url", "device_url", "issuer"}) {
      const std::string wrong = Wrong(Json{{member, url}}.dump().c_str());
      CHECK(wrong.rfind(std::string(member) + ": must ", 0) == 0);
    }
  }
  CHECK(Wrong(R"({"token_url":"https://login.example.com:8443/t?tenant=x"})") == "");
}

TEST_CASE("an operator may open plain http and local hosts") {
  const auto local = MakeOAuth2Strategy({.plain_http = true, .any_host = true});
  const std::string config = With(R"({"token_url":"http://127.0.0.1:9000/t"})");
  CHECK(WrongIn(*local, config) == "");
  CHECK(WrongIn(*MakeOAuth2Strategy({.plain_http = true}), config) != "");
  CHECK(WrongIn(*local, With(R"({"token_url":"ftp://127.0.0.1/t"})")) ==
        "token_url: must be https\n");
}

TEST_CASE("rotation, client and parameters go together") {
  CHECK(Wrong(R"({"rotation":"grace"})") == "grace_seconds: is needed when rotation is grace\n");
  CHECK(Wrong(R"({"grace_seconds":5})") == "grace_seconds: is only for rotation grace\n");
  CHECK(Wrong(R"({"rotation":"grace","grace_seconds":5})") == "");
  CHECK(Wrong(R"({"refresh_idle_ttl_seconds":10,"refresh_absolute_ttl_seconds":5})") ==
        "refresh_idle_ttl_seconds: is longer than refresh_absolute_ttl_seconds\n");
  CHECK(Wrong(R"({"client_auth":"none","pkce":"unsupported"})").rfind("pkce: ", 0) == 0);
  CHECK(Wrong(R"({"grant_type":"client_credentials","client_auth":"none"})")
            .rfind("client_auth: ", 0) == 0);
  CHECK(Wrong(R"({"authorize_parameters":{"state":"x"}})") ==
        "authorize_parameters.state: is set by the protocol itself\n");
  CHECK(Wrong(R"({"token_parameters":{"code":"x","grant_type":"y"}})") ==
        "token_parameters.code: is set by the protocol itself\n");
  CHECK(Wrong(R"({"jwt":{"claims":{"exp":1}}})") == "jwt.claims.exp: is set by other members\n");
  CHECK(Wrong(R"({"inject":{"name":"Host"}})").rfind("inject.name: ", 0) == 0);
}

TEST_CASE("hosts that a token's answer may lead to are public names") {
  const auto hosts = [](const char* host) {
    return Wrong(
        Json{{"from_token", {{{"name", "u"}, {"path", "u"}, {"hosts", {host}}}}}}.dump().c_str());
  };
  CHECK(hosts("*.salesforce.com") == "");
  CHECK(hosts("api.pipedrive.com") == "");
  for (const char* host :
       {"*", "*.com", "*.co.uk", "*.herokuapp.com", "com", "*.*.com", "a.*.com", "10.0.0.1",
        "localhost", "*.internal", "Api.Example.com", "https://a.com", "a.com:443"}) {
    INFO(host);
    CHECK(hosts(host).rfind("from_token[0].hosts[0]: ", 0) == 0);
  }
}

TEST_CASE("secrets are examined when they are entered") {
  CHECK(Examined(Strategy(), {.config = With("{}"), .secrets = {{"client_secret", "s:%"}}}).ok());
  CHECK(ReasonOf(Examined(Strategy(), {.config = With("{}")})) == "CREDENTIAL_MISSING");
  const std::string config =
      With(R"({"client_auth":"private_key_jwt","jwt":{"algorithm":"ES256"}})");
  CHECK(
      Examined(Strategy(), {.config = config, .secrets = {{"private_key", crypto::TestP256Key()}}})
          .ok());
  const absl::Status status =
      Examined(Strategy(), {.config = config, .secrets = {{"private_key", crypto::TestRsaKey()}}});
  CHECK(ReasonOf(status) == "CREDENTIAL_INVALID");
  CHECK(status.message() == "the secret \"private_key\" is not a key of the curve P-256");
}

}  // namespace
}  // namespace penstock::connector
