#include "services/connector/outbound/target.h"

#include <catch2/catch.hpp>
#include <string>

#include "libs/status/details.h"
#include "services/connector/outbound/resource_path.h"

namespace penstock::connector {
namespace {

Target Make(const std::string& base, const std::vector<std::string>& allowed = {}) {
  absl::StatusOr<Target> target = Target::Create(base, allowed);
  INFO(target.status());
  REQUIRE(target.ok());
  return *std::move(target);
}

std::string UrlOf(const Target& target, ApiRequest request) {
  absl::StatusOr<egress::HttpRequest> built = target.Build(request);
  return built.ok() ? built->url : "refused: " + std::string(built.status().message());
}

// The field that is wrong, or empty.
std::string WrongField(const absl::Status& status) {
  if (status.ok()) return "";
  const auto violations = ViolationsOf(status);
  return violations.empty() ? "(none)" : violations[0].field;
}

std::string WrongField(const Target& target, const ApiRequest& request) {
  return WrongField(target.Build(request).status());
}

egress::Url Parsed(const std::string& url) { return egress::Url::Parse(url).value(); }

TEST_CASE("a path goes behind the base URL, whatever its slashes") {
  for (const char* base : {"https://api.example.com/v1", "https://API.example.com:443/v1/"}) {
    const Target target = Make(base);
    for (const char* path : {"users/7", "/users/7"}) {
      CHECK(UrlOf(target, {.resource_path = path}) == "https://api.example.com/v1/users/7");
    }
    CHECK(UrlOf(target, {.resource_path = "users/"}) == "https://api.example.com/v1/users/");
    CHECK(UrlOf(target, {}) == "https://api.example.com/v1");
  }
  CHECK(UrlOf(Make("http://[2001:db8::1]:8080"), {.resource_path = "a"}) ==
        "http://[2001:db8::1]:8080/a");
  CHECK(UrlOf(Make("https://api.example.com"), {}) == "https://api.example.com/");
}

TEST_CASE("what a path may not hold plainly is escaped, and what it may is left alone") {
  const Target target = Make("https://a.example/v1");
  const auto path = [&](const std::string& text) {
    return UrlOf(target, {.resource_path = text})
        .substr(std::string("https://a.example/v1").size());
  };
  CHECK(path("a b/\"<>^`{|}") == "/a%20b/%22%3C%3E%5E%60%7B%7C%7D");
  CHECK(path("caf\xc3\xa9") == "/caf%C3%A9");
  CHECK(path("v1/x:batchGet;k=v@2,$!'()*+&=~") == "/v1/x:batchGet;k=v@2,$!'()*+&=~");
  CHECK(path("projects/group%2Frepo/a%20b") == "/projects/group%2Frepo/a%20b");
  CHECK(path("100%25") == "/100%25");
  CHECK(path("...") == "/...");
  CHECK(path("a..b/.hidden") == "/a..b/.hidden");
}

TEST_CASE("no spelling of a path leaves the base path or the host") {
  const Target target = Make("https://api.example.com/v1/tenant-a");
  const char* const refused[] = {
      // Absolute, and what some parser takes for it.
      "https://evil.example/", "//evil.example/", "///evil.example", "http:\\\\evil.example",
      "\\\\evil.example", "/\\evil.example", "https:%2f%2fevil.example", "%2f%2fevil.example",
      "%2fevil", "a//b", "%5c%5cevil.example",
      // Upwards.
      "..", ".", "../x", "a/../../x", "a/..", "/..", "a/./b", "%2e%2e/x", "%2E%2E%2Fx", ".%2e/x",
      "a%2f..%2f..%2fx", "..%2f", "..;/x", "..;v=1/x", "%2e%2e%3bx/y", "a/%2e", "..%5cx",
      // For those who decode more than once.
      "%252e%252e/x", "%25252e%25252e%25252fx", "a%252f%252e%252e%252fx", "%255cx",
      "%2525252525252525", "%c0%ae%c0%ae/x", "%c0%af", "%e0%80%ae", "%ff", "\xff\xfe",
      // Other parts of a URL.
      "a?b=c", "a#b", "a%", "a%2", "a%zz",
      // Lines.
      "a\r\nHost: evil", "a%0d%0aHost:%20evil", "a%00b", "a\tb", "a\x7f", "%250a"};
  for (const char* path : refused) {
    INFO(path);
    CHECK(WrongField(target, {.resource_path = path}) == "resource_path");
  }
  CHECK(WrongField(target, {.resource_path = std::string("a\0b", 3)}) == "resource_path");
  CHECK(WrongField(target, {.resource_path = std::string(5000, 'a')}) == "resource_path");
  // Not refused, as behind the host it is a path and nothing else.
  CHECK(UrlOf(target, {.resource_path = "user:pass@evil.example/x"}) ==
        "https://api.example.com/v1/tenant-a/user:pass@evil.example/x");
  CHECK(UrlOf(target, {.resource_path = ".evil.example"}) ==
        "https://api.example.com/v1/tenant-a/.evil.example");
}

TEST_CASE("a base URL without a path can't be continued into another host") {
  const Target target = Make("https://api.example.com");
  for (const char* path : {".evil.example/x", "@evil.example/x", ":8443/x"}) {
    INFO(path);
    CHECK(UrlOf(target, {.resource_path = path}) == "https://api.example.com/" + std::string(path));
  }
}

TEST_CASE("query values are escaped so that they stay values") {
  const Target target = Make("https://a.example");
  CHECK(UrlOf(target, {.resource_path = "s",
                       .query = {{"q", "a&b=c#d?e f"}, {"x[]", "\xc3\xa9\r\n"}, {"q", ""}}}) ==
        "https://a.example/s?q=a%26b%3Dc%23d%3Fe%20f&x%5B%5D=%C3%A9%0D%0A&q=");
  CHECK(WrongField(target, {.query = {{"a", "1"}, {"", "2"}}}) == "query[1]");
  CHECK(WrongField(target, {.query = {{"a", std::string(9000, 'x')}}}) == "query");
  CHECK(WrongField(target, {.query = std::vector<std::pair<std::string, std::string>>(
                                201, {"a", "b"})}) == "query");
}

TEST_CASE(
    "headers that frame, route, impersonate or authenticate are the caller's to set under no "
    "spelling") {
  const Target target = Make("https://a.example");
  for (const char* name : {"Host",
                           "host",
                           "AUTHORIZATION",
                           "Cookie",
                           "Proxy-Authorization",
                           "Proxy-Connection",
                           "Content-Length",
                           "Transfer-Encoding",
                           "Connection",
                           "Keep-Alive",
                           "TE",
                           "Trailer",
                           "Upgrade",
                           "Expect",
                           "X-Forwarded-For",
                           "X-Forwarded-Host",
                           "x_forwarded_host",
                           "Forwarded",
                           "X-Real-IP",
                           "X-Original-URL",
                           "X-Rewrite-URL",
                           "X-HTTP-Method-Override",
                           "X-Amz-Security-Token",
                           "Content-Type",
                           "Accept-Encoding",
                           "Sec-Fetch-Mode",
                           "",
                           "X Y",
                           "X:Y",
                           "X\r\nY",
                           "X\xc3\xa9"}) {
    INFO(name);
    CHECK(WrongField(target, {.headers = {{"Accept", "*/*"}, {name, "v"}}}) == "headers[1]");
  }
  for (const char* value : {"a\r\nX-Injected: 1", "a\nb", "a\x01", "\x7f"}) {
    CHECK(WrongField(target, {.headers = {{"X-A", value}}}) == "headers[0]");
  }
  CHECK(WrongField(target, {.headers = egress::Headers(51, {"X-A", "b"})}) == "headers");
  for (const char* name :
       {"Accept", "Idempotency-Key", "Notion-Version", "If-Match", "User-Agent"}) {
    CHECK(WrongField(target, {.headers = {{name, "v"}}}) == "");
  }
}

TEST_CASE("an error never repeats what was given") {
  const Target target = Make("https://a.example");
  for (const ApiRequest& request :
       {ApiRequest{.resource_path = "../planted"}, ApiRequest{.headers = {{"X-A", "planted\r\n"}}},
        ApiRequest{.body = "planted"}, ApiRequest{.method = "planted"},
        ApiRequest{.body = "planted", .content_type = "a\r\nplanted"}}) {
    const absl::Status status = target.Build(request).status();
    REQUIRE_FALSE(status.ok());
    CHECK(status.ToString().find("planted") == std::string::npos);
    CHECK(ViolationsOf(status)[0].description.find("planted") == std::string::npos);
  }
}

TEST_CASE("methods and bodies are those of an API") {
  const Target target = Make("https://a.example");
  for (const char* method : {"CONNECT", "TRACE", "get", "", "GET /", "PURGE"}) {
    CHECK(WrongField(target, {.method = method}) == "method");
  }
  CHECK(WrongField(target, {.method = "POST", .body = "{}"}) == "content_type");
  CHECK(WrongField(target, {.method = "HEAD", .body = "x", .content_type = "text/plain"}) ==
        "body");
  const auto built =
      target.Build({.method = "POST", .body = "{}", .content_type = "application/json"}).value();
  CHECK(built.headers == egress::Headers{{"Content-Type", "application/json"}});
  CHECK(built.body == "{}");
  CHECK(built.max_redirects == 0);
}

TEST_CASE("a base URL is a place and nothing else") {
  for (const char* base :
       {"", "api.example.com", "ftp://a.example", "file:///etc/passwd", "https://", "https:///x",
        "https://u:p@a.example", "https://a.example/?k=v", "https://a.example/#f",
        "https://a.example:0x50", "https://a.example:99999", "https://a.example/a/../b",
        "https://a.example/%2e%2e/b", "https://a.example//b", "https://caf\xc3\xa9.example",
        "https://a.example\\b", "https://a b.example"}) {
    INFO(base);
    CHECK(WrongField(Target::Create(base, {}).status()) == "base_url");
  }
  for (const char* host : {"", "*", "*.", "https://a.example", "a.example/x", "u@a.example", "a b",
                           "a.example?", "*.a.example:x", "a%2eexample"}) {
    INFO(host);
    CHECK(WrongField(Target::Create("https://a.example", {"b.example", host}).status()) ==
          "allowed_hosts[1]");
  }
}

TEST_CASE("credentials are for one origin; redirects may go to allowed hosts besides") {
  const Target target =
      Make("https://api.example.com/v1", {"files.example.com", "*.cdn.example:8443"});
  struct Case {
    const char* url;
    bool origin, admitted;
  };
  const Case cases[] = {{"https://api.example.com/x", true, true},
                        {"https://API.EXAMPLE.COM:443/", true, true},
                        {"https://api.example.com./", true, true},
                        {"http://api.example.com/", false, false},
                        {"https://api.example.com:8443/", false, false},
                        {"https://files.example.com/", false, true},
                        {"https://files.example.com:8443/", false, false},
                        {"http://files.example.com/", false, false},
                        {"https://a.files.example.com/", false, false},
                        {"https://a.b.cdn.example:8443/", false, true},
                        {"https://a.cdn.example/", false, false},
                        {"https://cdn.example:8443/", false, false},
                        {"https://evilcdn.example:8443/", false, false},
                        {"https://api.example.com.evil.example/", false, false},
                        {"https://evil.example/", false, false}};
  for (const Case& c : cases) {
    INFO(c.url);
    CHECK(target.IsOrigin(Parsed(c.url)) == c.origin);
    CHECK(target.Admits(Parsed(c.url)) == c.admitted);
    CHECK(target.CheckOrigin(c.url).ok() == c.origin);
  }
  // A connector that is plain http to begin with has nothing to be downgraded.
  CHECK(Make("http://a.example", {"b.example"}).Admits(Parsed("http://b.example/")));
}

TEST_CASE("decoding is undone by encoding") {
  const std::string text = "a b/\xc3\xa9%&=+~";
  CHECK(PercentDecoded(PercentEncoded(text)) == text);
  CHECK(PercentDecoded("%zz%4") == "%zz%4");
}

}  // namespace
}  // namespace penstock::connector
