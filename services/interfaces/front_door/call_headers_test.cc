#include "services/interfaces/front_door/call_headers.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "services/interfaces/front_door/cors.h"

namespace penstock::interfaces {
namespace {

http::Request With(const std::vector<http::Header>& headers) {
  http::Request request;
  request.headers = headers;
  return request;
}

std::optional<absl::Duration> Timeout(std::string_view name, std::string_view value) {
  const std::vector<http::Header> headers = {{name, value}};
  const auto timeout = TimeoutOf(With(headers), CallTimeouts());
  if (!timeout.ok()) CHECK(absl::IsInvalidArgument(timeout.status()));
  return timeout.ok() ? std::optional(*timeout) : std::nullopt;
}

TEST_CASE("a caller's patience is read in either form and cut to ours") {
  const std::pair<const char*, absl::Duration> kGrpc[] = {
      {"1500m", absl::Milliseconds(1500)},
      {"2S", absl::Seconds(2)},
      {"1M", absl::Minutes(1)},
      {"9u", absl::Microseconds(9)},
      {"7n", absl::Nanoseconds(7)},
      {"99999999H", absl::Minutes(10)},
  };
  for (const auto& [text, expected] : kGrpc) CHECK(Timeout("grpc-timeout", text) == expected);
  const std::pair<const char*, absl::Duration> kSeconds[] = {
      {"1.5", absl::Milliseconds(1500)},  {"2", absl::Seconds(2)},
      {"250ms", absl::Milliseconds(250)}, {"1m", absl::Minutes(1)},
      {"100000000", absl::Minutes(10)},
  };
  for (const auto& [text, expected] : kSeconds) {
    CHECK(Timeout("x-request-timeout", text) == expected);
  }
  CHECK(*TimeoutOf(With({}), CallTimeouts()) == absl::Seconds(30));
}

TEST_CASE("a timeout that is none is refused") {
  for (const char* text : {"0S", "S", "1", "-1S", "1s", "123456789S", "1.5S", " 1S", "1 S", "x"}) {
    INFO(text);
    CHECK(!Timeout("grpc-timeout", text));
  }
  for (const char* text : {"0", "-1", "nan", "inf", "1e300", "x", "1 s", "1s2"}) {
    INFO(text);
    CHECK(!Timeout("x-request-timeout", text));
  }
}

TEST_CASE("a credential that no header can carry is refused before it reaches gRPC") {
  for (const std::string& bad :
       {std::string("Bearer \xff"), std::string("Bearer a\tb"), std::string("Bearer \xc3\xa9")}) {
    const std::vector<http::Header> headers = {{"authorization", bad}};
    grpc::ClientContext context;
    CHECK(absl::IsUnauthenticated(PrepareCall(With(headers), absl::InfiniteFuture(), context)));
  }
}

TEST_CASE("only origins that are listed are let in, exactly as they are written") {
  const CorsPolicy policy = *CorsPolicy::Parse("https://app.example.com, http://localhost:3000");
  auto allowed = [&](std::string_view origin) {
    const std::vector<http::Header> headers = {{"origin", origin}};
    return policy.AllowedOrigin(With(headers));
  };
  CHECK(allowed("https://app.example.com") == "https://app.example.com");
  CHECK(allowed("http://localhost:3000") == "http://localhost:3000");
  for (const char* other :
       {"https://app.example.com.evil.net", "http://app.example.com", "https://app.example.com:443",
        "https://APP.example.com", "null", "https://example.com"}) {
    INFO(other);
    CHECK(allowed(other).empty());
  }
  CHECK(policy.AllowedOrigin(With({})).empty());
}

TEST_CASE("without a list no page is let in, with * every one") {
  const std::vector<http::Header> headers = {{"origin", "https://a.example"}};
  CHECK(CorsPolicy::Parse("")->AllowedOrigin(With(headers)).empty());
  CHECK(CorsPolicy::Parse("*")->AllowedOrigin(With(headers)) == "*");
}

TEST_CASE("what is no origin is refused when the settings are read") {
  for (const char* text : {"app.example.com", "https://", "https://a.example/", "ftp://a.example",
                           "https://A.example", "https://a.example,x"}) {
    INFO(text);
    CHECK(absl::IsInvalidArgument(CorsPolicy::Parse(text).status()));
  }
}

}  // namespace
}  // namespace penstock::interfaces
