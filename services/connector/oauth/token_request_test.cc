#include "services/connector/oauth/token_request.h"

#include <catch2/catch.hpp>

#include "libs/crypto/encoding.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {
namespace {

OAuth2Config Config(const char* json) {
  return *OAuth2Config::FromJson(nlohmann::json::parse(json));
}

Credentials Secret(std::string_view value) {
  Credentials credentials;
  credentials.Put("client_secret", crypto::Secret(value));
  return credentials;
}

std::string Header(const egress::HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST_CASE("client id and secret are form-encoded before they are Basic") {
  const Credentials secret = Secret("p:w%d +ü");
  const auto request =
      TokenRequest(Config(R"({"client_id":"a:b","token_url":"https://t.example"})"),
                   "https://t.example", RefreshParameters("r&1"), {secret});
  CHECK(Header(*request, "authorization") ==
        "Basic " + crypto::Base64Encode("a%3Ab:p%3Aw%25d%20%2B%C3%BC"));
  CHECK(request->body == "grant_type=refresh_token&refresh_token=r%261");
  CHECK(Header(*request, "content-type") == "application/x-www-form-urlencoded");
  CHECK(Header(*request, "accept") == "application/json");
  CHECK(request->method == "POST");
  CHECK(request->max_redirects == 0);
}

TEST_CASE("some providers want them raw") {
  const Credentials secret = Secret("p+w");
  const auto request = TokenRequest(Config(R"({"client_id":"a","basic_encoding":"raw"})"),
                                    "https://t.example", {}, {secret});
  CHECK(Header(*request, "authorization") == "Basic " + crypto::Base64Encode("a:p+w"));
}

TEST_CASE("in the body, client id and secret are parameters like others, in JSON too") {
  const Credentials secret = Secret("s\"x");
  const auto request =
      TokenRequest(Config(R"({"client_id":"a","client_auth":"post","token_body":"json"})"),
                   "https://t.example", RefreshParameters("r"), {secret});
  CHECK(Header(*request, "authorization").empty());
  CHECK(nlohmann::json::parse(request->body) == nlohmann::json({{"grant_type", "refresh_token"},
                                                                {"refresh_token", "r"},
                                                                {"client_id", "a"},
                                                                {"client_secret", "s\"x"}}));
}

TEST_CASE("a public client says who it is and no more; one with an assertion shows that") {
  const Credentials none;
  CHECK(TokenRequest(Config(R"({"client_id":"a","client_auth":"none"})"), "https://t.example",
                     RefreshParameters("r"), {none})
            ->body == "grant_type=refresh_token&refresh_token=r&client_id=a");
  const std::string body =
      TokenRequest(Config(R"({"client_id":"a","client_auth":"private_key_jwt"})"),
                   "https://t.example", {}, {none, "x.y.z"})
          ->body;
  CHECK(body ==
        "client_id=a&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%"
        "3Ajwt-bearer&client_assertion=x.y.z");
}

TEST_CASE("without the secret there is no request, and the error names what is missing") {
  const Credentials none;
  for (const char* auth : {"basic", "post"}) {
    const auto request = TokenRequest(
        Config(nlohmann::json({{"client_id", "a"}, {"client_auth", auth}}).dump().c_str()),
        "https://t.example", {}, {none});
    CHECK(ReasonOf(request.status()) == "CREDENTIAL_MISSING");
    CHECK(MetadataOf(request.status(), "field") == "client_secret");
  }
}

TEST_CASE("parameters of the config replace those of the grant") {
  const Credentials secret = Secret("s");
  const auto config = Config(
      R"({"client_id":"a","token_parameters":{"grant_type":"account_credentials",
          "account_id":"7"}})");
  CHECK(TokenRequest(config, "https://t.example", ClientCredentialsParameters(config, {"x", "y"}),
                     {secret})
            ->body == "grant_type=account_credentials&scope=x%20y&account_id=7");
}

TEST_CASE(
    "the authorize URL has state and challenge whatever the config says, and keeps the provider's "
    "own query") {
  const auto config = Config(
      R"({"client_id":"a","authorize_url":"https://p.example/auth?x=1","scope_separator":",",
          "scope_parameter":"user_scope",
                                 "authorize_parameters":{"prompt":"consent","state":"fixed"}})");
  const std::vector<std::string> scopes = {"r", "w"};
  CHECK(AuthorizeUrl(config, {"https://us.example/cb", "st", "ch", scopes}) ==
        "https://p.example/"
        "auth?x=1&response_type=code&client_id=a&redirect_uri=https%3A%2F%2Fus.example%2Fcb&user_"
        "scope=r%2Cw&prompt=consent&state=st"
        "&code_challenge=ch&code_challenge_method=S256");
  CHECK(AuthorizeUrl(config, {"https://us.example/cb", "st", "", {}}).find("code_challenge") ==
        std::string::npos);
}

TEST_CASE("revocations are asked for as the provider likes them") {
  const Credentials secret = Secret("s");
  const auto request = [&](const char* style) {
    return *RevocationRequest(Config(nlohmann::json({{"client_id", "a"},
                                                     {"revoke_url", "https://p.example/revoke"},
                                                     {"revoke_style", style}})
                                         .dump()
                                         .c_str()),
                              "t/1", "refresh_token", {secret});
  };
  CHECK(request("rfc7009").body == "token=t%2F1&token_type_hint=refresh_token");
  CHECK(request("rfc7009").method == "POST");
  CHECK(request("query_get").url == "https://p.example/revoke?token=t%2F1");
  CHECK(Header(request("bearer_post"), "authorization") == "Bearer t/1");
  CHECK(request("basic_json").method == "DELETE");
  CHECK(request("basic_json").body == R"({"access_token":"t/1"})");
  CHECK(request("path_delete").url == "https://p.example/revoke/t%2F1");
}

}  // namespace
}  // namespace penstock::connector
