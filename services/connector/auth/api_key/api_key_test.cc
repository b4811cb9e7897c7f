#include "services/connector/auth/api_key/api_key.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

const AuthStrategy& Strategy() {
  static const std::unique_ptr<AuthStrategy> strategy = MakeApiKeyStrategy();
  return *strategy;
}

std::string UrlWith(const std::string& key, const std::string& url) {
  Try attempt{.config = R"({"in":"query","name":"api key"})", .secrets = {{"api_key", key}}};
  attempt.request.url = url;
  return Authenticated(Strategy(), attempt).value().url;
}

TEST_CASE("a key goes into the header that the config names, in place of the caller's") {
  Try attempt{.config = R"({"in":"header","name":"X-Api-Key","prefix":"Token "})",
              .secrets = {{"api_key", "k1"}}};
  attempt.request.headers = {{"x-api-key", "mine"}, {"Accept", "*/*"}, {"X-API-KEY", "mine too"}};
  const auto request = Authenticated(Strategy(), attempt).value();
  CHECK(request.headers == egress::Headers{{"Accept", "*/*"}, {"X-Api-Key", "Token k1"}});
  CHECK(request.url == "https://api.example.com/v1/items?page=2");
}

TEST_CASE("a key goes into the query, encoded, in place of the caller's and before no fragment") {
  CHECK(UrlWith("a&b=c#d/\xc3\xa9 +%", "https://h.example.com") ==
        "https://h.example.com/?api%20key=a%26b%3Dc%23d%2F%C3%A9%20%2B%25");
  CHECK(UrlWith("k", "https://h.example.com/p?api+key=1&x=1&api%20key&y#f") ==
        "https://h.example.com/p?x=1&y&api%20key=k");
  CHECK(UrlWith("k", "https://h.example.com?x=/a?b") ==
        "https://h.example.com/?x=/a?b&api%20key=k");
}

TEST_CASE("a key goes into a cookie beside other cookies") {
  Try attempt{.config = R"({"in":"cookie","name":"session"})", .secrets = {{"api_key", "k"}}};
  CHECK(HeaderOf(Authenticated(Strategy(), attempt).value(), "cookie") == "session=k");
  attempt.request.headers = {{"cookie", "a=b"}};
  CHECK(HeaderOf(Authenticated(Strategy(), attempt).value(), "cookie") == "a=b; session=k");
  attempt.secrets["api_key"] = "k; admin=1";
  const absl::Status status = Authenticated(Strategy(), attempt).status();
  CHECK(ReasonOf(status) == "CREDENTIAL_INVALID");
  CHECK(MetadataOf(status, "field") == "api_key");
}

TEST_CASE("a key that can't be in a header is refused and not shown") {
  for (const std::string key : {"", "a\r\nHost: x", "a\nb", " a", "a ", "caf\xc3\xa9", "a\x7f"}) {
    INFO(key);
    const absl::Status status =
        Authenticated(Strategy(),
                      {.config = R"({"in":"header","name":"K"})", .secrets = {{"api_key", key}}})
            .status();
    CHECK(status.code() == absl::StatusCode::kFailedPrecondition);
    CHECK(ReasonOf(status) == "CREDENTIAL_INVALID");
  }
}

TEST_CASE("headers that frame or route a message, and what is no name, can't be named") {
  for (const char* name :
       {"Host", "content-length", "Transfer-Encoding", "CONNECTION", "TE", "Upgrade", "Cookie",
        "Proxy-Authorization", "X-Forwarded-Host", "Content-Type", "X-HTTP-Method-Override", "a b",
        "a:b", "caf\\u00e9", "x\\r\\ny"}) {
    INFO(name);
    CHECK(WrongIn(Strategy(), std::string(R"({"in":"header","name":")") + name + "\"}") != "");
  }
  CHECK(WrongIn(Strategy(), R"({"in":"header","name":"X-Api-Key"})") == "");
  CHECK(WrongIn(Strategy(), R"({"in":"header","name":"Authorization","prefix":"a\nb"})") ==
        "prefix: must be printable ASCII\n");
  CHECK(WrongIn(Strategy(), R"({"in":"cookie","name":"a=b"})") ==
        "name: must be the name of a cookie\n");
  CHECK(WrongIn(Strategy(), R"({"in":"query","name":"host"})") == "");
}

}  // namespace
}  // namespace penstock::connector
