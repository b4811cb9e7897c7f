#include "services/workflow_engine/nodes/http_request/http_request.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/http_request/outcome.h"
#include "services/workflow_engine/nodes/http_request/request.h"
#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeHttpRequestType(), config); }

std::string Begun(const char* config, const FakeContext& context = FakeContext()) {
  const CompiledNode node = Compiled(config);
  INFO(node.Written());
  REQUIRE(node.program != nullptr);
  return Describe(node.program->Begin(context));
}

HttpResponse Response(int status, std::string body = "", std::string content_type = "text/plain") {
  return {status, {{"content-type", std::move(content_type)}}, std::move(body)};
}

std::string Resumed(const char* config, const StepResult& result) {
  return Describe(Compiled(config).program->Resume(FakeContext(), result));
}

constexpr const char* kGet = R"({"url":"https://example.com/a"})";
constexpr const char* kPost = R"({"method":"POST","url":"https://example.com/a"})";
constexpr const char* kPostWithoutKey =
    R"({"method":"POST","url":"https://example.com/a","idempotency_key":false})";

TEST_CASE("what fills a URL is encoded, so that a value can't change its meaning") {
  const FakeContext context(
      R"({"id":"../admin?x=1#y","q":"a&b=c d","base":"https://example.org"})");
  CHECK(Begun(R"({"url":"https://example.com/orders/{{id}}"})", context) ==
        "GET https://example.com/orders/..%2Fadmin%3Fx%3D1%23y");
  CHECK(Begun(R"({"url":"https://example.com/s?a=1#frag","query":{"q":"{{q}}"}})", context) ==
        "GET https://example.com/s?a=1&q=a%26b%3Dc%20d");
  CHECK(Begun(R"({"url":"{{base}}/x"})", context) == "GET https://example.org/x");
}

TEST_CASE("a URL that is none fails for good") {
  CHECK(Begun(R"({"url":"{{missing}}"})") == "Fail INVALID_VALUE");
  CHECK(Begun(R"({"url":"{{u}}"})", FakeContext(R"({"u":"file:///etc/passwd"})")) ==
        "Fail INVALID_VALUE");
  CHECK(Begun(R"({"url":"{{u}}"})", FakeContext(R"({"u":"http://a\r\nHost: b"})")) ==
        "Fail INVALID_VALUE");
}

TEST_CASE("a JSON body is rendered with its types and named as JSON") {
  CHECK(Begun(R"({"method":"PUT","url":"https://example.com","body":{"n":"{{n}}"}})",
              FakeContext(R"({"n":5})")) ==
        "PUT https://example.com\nContent-Type: application/json\n\n{\"n\":5}");
}

TEST_CASE("POST carries a key that is equal for every attempt, unless it has one or must not") {
  CHECK(Begun(kPost) == "POST https://example.com/a\nIdempotency-Key: e1/node/1");
  CHECK(Begun(kPostWithoutKey) == "POST https://example.com/a");
  CHECK(
      Begun(
          R"({"method":"POST","url":"https://example.com","headers":{"idempotency-key":"mine"}})") ==
      "POST https://example.com\nidempotency-key: mine");
}

TEST_CASE("limits of the config reach the exchange") {
  const CompiledNode node = Compiled(
      R"({"url":"https://example.com","timeout_seconds":2.5,"max_response_bytes":10,"max_redirects":0})");
  const Step step = node.program->Begin(FakeContext());
  const PerformHttp& http = std::get<PerformHttp>(step);
  CHECK(http.timeout == absl::Milliseconds(2500));
  CHECK(http.max_response_bytes == 10);
  CHECK(http.max_redirects == 0);
}

TEST_CASE("the answer becomes status, headers and body") {
  CHECK(
      Resumed(kGet, Response(200, R"({"a":[1]})", "application/json; charset=utf-8")) ==
      R"(Complete {"status":200,"headers":{"content-type":"application/json; charset=utf-8"},"body":{"a":[1]}})");
  CHECK(Resumed(kGet, Response(204)) ==
        R"(Complete {"status":204,"headers":{"content-type":"text/plain"},"body":""})");
  // What claims to be JSON and is not stays text.
  CHECK(HttpOutput({200, {{"content-type", "application/json"}}, "{oops"})
            .find(R"("body":"{oops")") != std::string::npos);
  CHECK(HttpOutput({200, {{"set-cookie", "a"}, {"set-cookie", "b\xff"}}, "\xff\xfe"}) ==
        R"({"status":200,"headers":{"set-cookie":"a, b?"},"body":"//4=","bodyEncoding":"base64"})");
}

TEST_CASE("only expected statuses are a success") {
  CHECK(Resumed(kGet, Response(404)) == "Fail HTTP_404");
  CHECK(Resumed(R"({"url":"https://example.com","expected_statuses":[404]})", Response(404))
            .rfind("Complete", 0) == 0);
  CHECK(Resumed(R"({"url":"https://example.com","expected_statuses":[404]})", Response(200)) ==
        "Fail HTTP_200");
}

TEST_CASE("what may pass is tried again where a repetition does no harm") {
  for (int status : {408, 429, 500, 503}) {
    INFO(status);
    CHECK(Resumed(kGet, Response(status)).ends_with(" retryable"));
    CHECK(Resumed(kPost, Response(status)).ends_with(" retryable"));
    CHECK(Resumed(kPostWithoutKey, Response(status)).ends_with(" retryable") == (status == 429));
  }
  CHECK(Resumed(kGet, HttpFailure{"TIMEOUT", ""}) == "Fail TIMEOUT retryable");
  CHECK(Resumed(kPostWithoutKey, HttpFailure{"TIMEOUT", ""}) == "Fail TIMEOUT");
  CHECK(Resumed(kPostWithoutKey, HttpFailure{"CONNECT_FAILED", ""}) ==
        "Fail CONNECT_FAILED retryable");
  CHECK(Resumed(kGet, HttpFailure{"BAD_RESPONSE", ""}) == "Fail BAD_RESPONSE retryable");
  CHECK(Resumed(kPostWithoutKey, HttpFailure{"BAD_RESPONSE", ""}) == "Fail BAD_RESPONSE");
  CHECK(Resumed(kGet, HttpFailure{"EGRESS_DENIED", ""}) == "Fail EGRESS_DENIED");
}

TEST_CASE("Retry-After is kept, in seconds or as a date, within reason") {
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);  // Fri, 15 Jan 2027 08:00:00 GMT
  const auto after = [&](std::string value) {
    return RetryAfter({503, {{"retry-after", std::move(value)}}, ""}, now);
  };
  CHECK(after("120") == absl::Seconds(120));
  CHECK(after("Fri, 15 Jan 2027 08:00:30 GMT") == absl::Seconds(30));
  CHECK(after("Fri, 15 Jan 2027 07:00:00 GMT") == absl::ZeroDuration());
  CHECK(after("-5") == absl::ZeroDuration());
  CHECK(after("99999999999999999999") == absl::ZeroDuration());
  CHECK(after("9999999") == absl::Hours(24));
  CHECK(after("soon") == absl::ZeroDuration());
}

TEST_CASE("messages leave out what may be secret in a URL") {
  CHECK(ShownUrl("https://user:pw@example.com/a?token=x#y") == "https://example.com/a");
  CHECK(ShownUrl("https://example.com") == "https://example.com");
}

TEST_CASE("what could never be sent is refused") {
  for (const char* config :
       {"{}", R"({"url":"ftp://example.com"})", R"({"url":"/relative"})",
        R"({"url":"https://example.com","body":"x"})", R"({"url":"https://example.com/{{a+b}}"})",
        R"({"url":"https://example.com","method":"TRACE"})",
        R"({"url":"https://example.com","headers":{"Transfer-Encoding":"chunked"}})",
        R"({"url":"https://example.com","timeout_seconds":0})"}) {
    INFO(config);
    CHECK(Compiled(config).problems.size() == 1);
  }
}

}  // namespace
}  // namespace penstock::workflow_engine
