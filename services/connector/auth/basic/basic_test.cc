#include "services/connector/auth/basic/basic.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

const AuthStrategy& Strategy() {
  static const std::unique_ptr<AuthStrategy> strategy = MakeBasicStrategy();
  return *strategy;
}

std::string Authorization(const std::string& config, std::map<std::string, std::string> secrets) {
  return HeaderOf(
      Authenticated(Strategy(), {.config = config, .secrets = std::move(secrets)}).value(),
      "authorization");
}

TEST_CASE("the examples of RFC 7617 come out") {
  CHECK(Authorization(R"({"username":"Aladdin"})", {{"password", "open sesame"}}) ==
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(Authorization(R"({"username":"test"})", {{"password", "123\xc2\xa3"}}) ==
        "Basic dGVzdDoxMjPCow==");
}

TEST_CASE("a key may be the user name, with no password or an empty one") {
  CHECK(Authorization("{}", {{"username", "key"}}) == "Basic a2V5Og==");
  CHECK(Authorization("{}", {{"username", "key"}, {"password", ""}}) == "Basic a2V5Og==");
  CHECK(Authorization("{}", {{"username", "key"}, {"password", "a:b"}}) == "Basic a2V5OmE6Yg==");
}

TEST_CASE("a user name with a colon would be cut there, so it is refused") {
  CHECK(WrongIn(Strategy(), R"({"username":"a:b"})") != "");
  const absl::Status status =
      Authenticated(Strategy(), {.secrets = {{"username", "a:b"}}}).status();
  CHECK(ReasonOf(status) == "CREDENTIAL_INVALID");
  CHECK(MetadataOf(status, "field") == "username");
}

TEST_CASE("with a user name in the config the password must be there") {
  const absl::Status status = Authenticated(Strategy(), {.config = R"({"username":"a"})"}).status();
  CHECK(ReasonOf(status) == "CREDENTIAL_MISSING");
  CHECK(MetadataOf(status, "field") == "password");
}

TEST_CASE("a dry run shows what is encoded") {
  CHECK(HeaderOf(Authenticated(Strategy(), {.config = R"({"username":"alice"})",
                                            .secrets = {{"password", "{{secret.password}}"}},
                                            .writing = Writing::kShown})
                     .value(),
                 "authorization") == "Basic base64(alice:{{secret.password}})");
}

}  // namespace
}  // namespace penstock::connector
