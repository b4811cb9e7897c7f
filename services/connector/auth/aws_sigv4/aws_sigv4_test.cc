#include "services/connector/auth/aws_sigv4/aws_sigv4.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "services/connector/auth/aws_sigv4/canonical_request.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

std::string SignatureIn(const egress::HttpRequest& request) {
  const std::string header = HeaderOf(request, "authorization");
  return header.substr(header.find("Signature=") + 10);
}

struct Vector {
  const char* name;
  const char* method;
  std::string target;
  egress::Headers headers;
  const char* signature;
};

// AWS's signing test suite, as in awslabs/aws-c-auth, tests/aws-signing-test-suite/v4: request.txt
// and header-signature.txt of each. Targets are as given there, not encoded.
std::vector<Vector> TestSuite() {
  const std::string unreserved =
      "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const char* vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
  return {
      {"get-vanilla", "GET", "/", {}, vanilla},
      {"get-relative-normalized", "GET", "/example/..", {}, vanilla},
      {"get-slashes-normalized",
       "GET",
       "//example//",
       {},
       "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
      {"get-space-normalized",
       "GET",
       "/example space/",
       {},
       "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
      {"get-utf8",
       "GET",
       "/\xe1\x88\xb4",
       {},
       "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
      {"get-unreserved",
       "GET",
       "/" + unreserved,
       {},
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-vanilla-query-unreserved",
       "GET",
       "/?" + unreserved + "=" + unreserved,
       {},
       "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
      {"get-vanilla-query-order-encoded",
       "GET",
       "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
       {},
       "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
      {"get-vanilla-utf8-query",
       "GET",
       "/?\xe1\x88\xb4=bar",
       {},
       "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
      {"get-header-key-duplicate",
       "GET",
       "/",
       {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"get-header-value-trim",
       "GET",
       "/",
       {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
  };
}

TEST_CASE("AWS's own test suite comes out") {
  for (const Vector& vector : TestSuite()) {
    INFO(vector.name);
    Try attempt{.config = R"({"region":"us-east-1","service":"service"})",
                .secrets = {{"access_key_id", "AKIDEXAMPLE"},
                            {"secret_access_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}}};
    attempt.request = {.method = vector.method,
                       .url = "https://example.amazonaws.com" + vector.target,
                       .headers = vector.headers};
    const auto request = Authenticated(*MakeAwsSigV4Strategy(), attempt).value();
    CHECK(SignatureIn(request) == vector.signature);
    CHECK(HeaderOf(request, "x-amz-date") == "20150830T123600Z");
  }
}

TEST_CASE("temporary credentials send and sign their token (get-vanilla-with-session-token)") {
  const std::string token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
  Try attempt{.config = R"({"region":"us-east-1","service":"service"})",
              .secrets = {{"access_key_id", "AKIDEXAMPLE"},
                          {"secret_access_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
                          {"session_token", token}}};
  attempt.request.url = "https://EXAMPLE.amazonaws.com:443";
  const auto request = Authenticated(*MakeAwsSigV4Strategy(), attempt).value();
  CHECK(SignatureIn(request) == "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
  CHECK(HeaderOf(request, "x-amz-security-token") == token);
}

// The examples of "Authenticating Requests: Using the Authorization Header" in the Amazon S3 API
// Reference (sig-v4-header-based-auth.html).
std::string S3Signature(const char* method, const std::string& target, egress::Headers headers,
                        const std::string& body) {
  Try attempt{.config = R"({"region":"us-east-1","service":"s3"})",
              .secrets = {{"access_key_id", "AKIAIOSFODNN7EXAMPLE"},
                          {"secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}},
              .now = absl::FromUnixSeconds(1369353600)};
  attempt.request = {.method = method,
                     .url = "https://examplebucket.s3.amazonaws.com" + target,
                     .headers = std::move(headers),
                     .body = body};
  return SignatureIn(Authenticated(*MakeAwsSigV4Strategy(), attempt).value());
}

TEST_CASE("the examples of S3's reference come out") {
  CHECK(S3Signature("GET", "/test.txt", {{"Range", "bytes=0-9"}}, "") ==
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  CHECK(S3Signature("PUT", "/test%24file.text",
                    {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                    "Welcome to Amazon S3.") ==
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  CHECK(S3Signature("GET", "/?lifecycle", {}, "") ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(S3Signature("GET", "/?max-keys=2&prefix=J", {}, "") ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("a path is encoded twice, but once and as it is for S3") {
  CHECK(CanonicalPath("/a%20b//./c/..", PathRule::kNormalizedTwice).value() == "/a%2520b/");
  CHECK(CanonicalPath("/a%20b//c$d", PathRule::kAsIs).value() == "/a%20b//c%24d");
  CHECK_FALSE(CanonicalPath("/a/../b", PathRule::kAsIs).ok());
  CHECK_FALSE(CanonicalPath("/a%zz", PathRule::kAsIs).ok());
}

TEST_CASE("what is sent is what is signed") {
  Try attempt{.config = R"({"region":"us-east-1","service":"sts"})",
              .secrets = {{"access_key_id", "A"}, {"secret_access_key", "s"}}};
  attempt.request.url = "https://sts.example.com:8443/?b=x+y&a=%7e&c";
  attempt.request.headers = {{"User-Agent", "x"}, {"Accept", "*/*"}};
  const auto request = Authenticated(*MakeAwsSigV4Strategy(), attempt).value();
  CHECK(request.url == "https://sts.example.com:8443/?a=~&b=x%20y&c=");
  CHECK(HeaderOf(request, "authorization").find("SignedHeaders=accept;host;x-amz-date,") !=
        std::string::npos);
}

}  // namespace
}  // namespace penstock::connector
