#include "services/connector/auth/bearer/bearer.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

const AuthStrategy& Strategy() {
  static const std::unique_ptr<AuthStrategy> strategy = MakeBearerStrategy();
  return *strategy;
}

std::string Authorization(const std::string& config) {
  return HeaderOf(
      Authenticated(Strategy(), {.config = config, .secrets = {{"token", "t.0-k~/="}}}).value(),
      "authorization");
}

TEST_CASE("the token follows the word that the vendor wants") {
  CHECK(Authorization("{}") == "Bearer t.0-k~/=");
  CHECK(Authorization(R"({"prefix":"token "})") == "token t.0-k~/=");
  CHECK(Authorization(R"({"prefix":""})") == "t.0-k~/=");
}

TEST_CASE("an Authorization header of the caller's does not survive") {
  Try attempt{.secrets = {{"token", "t"}}};
  attempt.request.headers = {{"authorization", "Bearer other"}};
  CHECK(Authenticated(Strategy(), attempt).value().headers ==
        egress::Headers{{"Authorization", "Bearer t"}});
}

TEST_CASE("without a token nothing is sent") {
  const absl::Status status = Authenticated(Strategy(), {}).status();
  CHECK(ReasonOf(status) == "CREDENTIAL_MISSING");
  CHECK(MetadataOf(status, "field") == "token");
}

}  // namespace
}  // namespace penstock::connector
