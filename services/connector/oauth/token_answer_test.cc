#include "services/connector/oauth/token_answer.h"

#include <catch2/catch.hpp>

#include "nlohmann/json.hpp"

namespace penstock::connector {
namespace {

OAuth2Config Config(const char* json = "{}") {
  return *OAuth2Config::FromJson(nlohmann::json::parse(json));
}

egress::HttpResponse Response(int status, std::string body, std::string type = "application/json") {
  return {
      .status = status, .headers = {{"content-type", std::move(type)}}, .body = std::move(body)};
}

TokenAnswer Tokens(const OAuth2Config& config, std::string body,
                   std::string type = "application/json") {
  TokenOutcome outcome =
      ReadTokenAnswer(config, Response(200, std::move(body), std::move(type)), absl::UnixEpoch());
  if (auto* failure = std::get_if<TokenFailure>(&outcome)) FAIL(failure->message);
  return std::move(std::get<TokenAnswer>(outcome));
}

TokenFailure Failure(const OAuth2Config& config, int status, std::string body,
                     std::string type = "application/json") {
  TokenOutcome outcome = ReadTokenAnswer(config, Response(status, std::move(body), std::move(type)),
                                         absl::UnixEpoch());
  REQUIRE(std::holds_alternative<TokenFailure>(outcome));
  return std::get<TokenFailure>(outcome);
}

TEST_CASE("the answer of the specification is read") {
  const TokenAnswer answer =
      Tokens(Config(),
             R"({"access_token":"a","token_type":"BeArEr","expires_in":3600,"refresh_token":"r",
          "scope":"x y"})");
  CHECK(answer.access_token.Reveal() == "a");
  CHECK(answer.refresh_token.Reveal() == "r");
  CHECK(answer.expires_in == absl::Hours(1));
  CHECK(answer.scopes == std::vector<std::string>{"x", "y"});
}

TEST_CASE("what may be absent may be absent") {
  const TokenAnswer answer = Tokens(Config(), R"({"access_token":"a","refresh_token":null})");
  CHECK(answer.refresh_token.empty());
  CHECK_FALSE(answer.expires_in.has_value());
  CHECK_FALSE(answer.scopes.has_value());
}

TEST_CASE("lifetimes are positive numbers, or not known") {
  CHECK(ReadLifetime("3600", absl::Seconds(1)) == absl::Hours(1));
  CHECK(ReadLifetime("3600.000", absl::Seconds(1)) == absl::Hours(1));
  CHECK(ReadLifetime("60000", absl::Milliseconds(1)) == absl::Minutes(1));
  CHECK(ReadLifetime("1e300", absl::Seconds(1)) == absl::Hours(24 * 3650));
  for (const char* none : {"", "0", "-1", "soon", "nan", "inf", "1h"})
    CHECK_FALSE(ReadLifetime(none, absl::Seconds(1)).has_value());
}

TEST_CASE("lifetimes come as numbers, texts and milliseconds") {
  CHECK(Tokens(Config(), R"({"access_token":"a","expires_in":"3600"})").expires_in ==
        absl::Hours(1));
  CHECK(Tokens(Config(), R"({"access_token":"a","expires_in":3600.5})").expires_in ==
        absl::Milliseconds(3'600'500));
  CHECK(Tokens(Config(R"({"expires_in_unit":"milliseconds"})"),
               R"({"access_token":"a","expires_in":3600000})")
            .expires_in == absl::Hours(1));
  CHECK_FALSE(Tokens(Config(), R"({"access_token":"a","expires_in":0})").expires_in.has_value());
  CHECK_FALSE(Tokens(Config(), R"({"access_token":"a","expires_in":-5})").expires_in.has_value());
  CHECK_FALSE(Tokens(Config(), R"({"access_token":"a","expires_in":{}})").expires_in.has_value());
  CHECK(Tokens(Config(), R"({"access_token":"a","x_refresh_token_expires_in":8640000})")
            .refresh_expires_in == absl::Hours(2400));
}

TEST_CASE("a form-encoded answer is as good as JSON") {
  const TokenAnswer answer = Tokens(Config(R"({"scope_separator":","})"),
                                    "access_token=gho_1%2B2&scope=repo%2Cgist&token_type=bearer",
                                    "application/x-www-form-urlencoded; charset=utf-8");
  CHECK(answer.access_token.Reveal() == "gho_1+2");
  CHECK(answer.scopes == std::vector<std::string>{"repo", "gist"});
  CHECK(Failure(Config(), 200, "error=bad_verification_code&error_description=x",
                "application/x-www-form-urlencoded")
            .failure == FailureClass::kRevokedOrExpired);
}

TEST_CASE("tokens may be nested, errors at the top all the same") {
  const OAuth2Config config = Config(R"({"token_path":"authed_user"})");
  CHECK(Tokens(config, R"({"ok":true,"access_token":"bot","authed_user":{"access_token":"user"}})")
            .access_token.Reveal() == "user");
  CHECK(Failure(config, 200, R"({"ok":false,"error":"invalid_refresh_token"})").failure ==
        FailureClass::kRevokedOrExpired);
  CHECK(Failure(config, 200, R"({"ok":true,"access_token":"bot"})").failure ==
        FailureClass::kBadAnswer);
}

TEST_CASE("an error is an error with status 200, as an object, and beside tokens") {
  CHECK(Failure(Config(), 200, R"({"error":"invalid_grant"})").failure ==
        FailureClass::kRevokedOrExpired);
  CHECK(Failure(Config(), 400, R"({"error":{"code":"invalid_grant","message":"no"}})").failure ==
        FailureClass::kRevokedOrExpired);
  CHECK(Failure(Config(), 200, R"({"error":"invalid_grant","access_token":"a"})").failure ==
        FailureClass::kRevokedOrExpired);
  CHECK(Failure(Config(), 200, R"({"ok":false})").failure == FailureClass::kBadAnswer);
  CHECK(Tokens(Config(), R"({"error":null,"access_token":"a"})").access_token.Reveal() == "a");
  CHECK(Tokens(Config(), R"({"error":false,"access_token":"a"})").access_token.Reveal() == "a");
}

TEST_CASE("what is no answer is a bad one, and what it did is not known") {
  for (const char* body : {"", "<html>", "[]", "{\"access_token\":", "\"a\"", "{}",
                           R"({"access_token":17})", R"({"access_token":""})"}) {
    CAPTURE(body);
    const TokenFailure failure = Failure(Config(), 200, body);
    CHECK(failure.failure == FailureClass::kBadAnswer);
    CHECK(failure.delivery == Delivery::kUnknown);
  }
}

TEST_CASE("tokens that can't be sent, or are no bearer tokens, are not taken") {
  CHECK(Failure(Config(), 200, R"({"access_token":"a\r\nX-Evil: 1"})").failure ==
        FailureClass::kBadAnswer);
  CHECK(Failure(Config(), 200, R"({"access_token":"a","token_type":"DPoP"})").failure ==
        FailureClass::kBadAnswer);
  const std::string long_token(kMaxTokenBytes + 1, 'a');
  CHECK(Failure(Config(), 200, R"({"access_token":")" + long_token + "\"}").failure ==
        FailureClass::kBadAnswer);
  CHECK(
      Failure(Config(), 200,
              R"({"access_token":"a","padding":")" + std::string(kMaxTokenAnswerBytes, 'x') + "\"}")
          .failure == FailureClass::kBadAnswer);
  CHECK(Tokens(Config(), R"({"access_token":")" + std::string(kMaxTokenBytes, 'a') + "\"}")
            .access_token.size() == kMaxTokenBytes);
}

TEST_CASE("nothing of the body is in a failure") {
  for (const char* body : {R"({"error":"weird secret-token","error_description":"secret-token"})",
                           "secret-token", R"({"access_token":["secret-token"]})"}) {
    const TokenFailure failure = Failure(Config(), 400, body);
    CHECK(failure.message.find("secret-token") == std::string::npos);
    CHECK(failure.provider_code.find("secret-token") == std::string::npos);
  }
}

TEST_CASE("values beside the token are taken when they lead where they may") {
  const OAuth2Config config = Config(
      R"({"from_token":[{"name":"instance_url","path":"instance_url",
          "hosts":["*.salesforce.com"]},{"name":"realm","path":"data.0.id"}]})");
  const TokenAnswer answer = Tokens(
      config,
      R"({"access_token":"a","instance_url":"https://na1.salesforce.com","data":[{"id":42}]})");
  CHECK(answer.values ==
        TokenValues{{"instance_url", "https://na1.salesforce.com"}, {"realm", "42"}});
  for (const char* evil :
       {"https://salesforce.com.evil.example", "http://na1.salesforce.com",
        "https://evil.example/.salesforce.com", "https://na1.salesforce.com@evil.example",
        "https://evil.example\\\\.salesforce.com", "https://salesforce.com"}) {
    CAPTURE(evil);
    CHECK(
        Failure(config, 200, nlohmann::json({{"access_token", "a"}, {"instance_url", evil}}).dump())
            .failure == FailureClass::kBadAnswer);
  }
}

TEST_CASE("members of other answers are texts and numbers") {
  const auto members =
      ReadMembers(Response(200, R"({"device_code":"d","interval":5,"nested":{},"ok":true})"),
                  absl::UnixEpoch());
  CHECK(std::get<AnswerMembers>(members) == AnswerMembers{{"device_code", "d"}, {"interval", "5"}});
  CHECK(std::get<AnswerMembers>(ReadMembers(Response(200, ""), absl::UnixEpoch())).empty());
  CHECK(std::get<TokenFailure>(ReadMembers(Response(503, ""), absl::UnixEpoch())).failure ==
        FailureClass::kProviderUnavailable);
}

}  // namespace
}  // namespace penstock::connector
