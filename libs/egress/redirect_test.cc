#include "libs/egress/redirect.h"

#include <catch2/catch.hpp>

namespace penstock::egress {
namespace {

HttpRequest Post() {
  return {.method = "POST",
          .url = "https://a.example/x",
          .headers = {{"Authorization", "Bearer t"},
                      {"Cookie", "s=1"},
                      {"X-Api-Key", "k"},
                      {"Content-Type", "application/json"},
                      {"Accept", "*/*"}},
          .body = "{}"};
}

HttpRequest Followed(HttpRequest request, int status, const std::string& to) {
  Url from = Url::Parse(request.url).value();
  FollowRedirect(request, status, from, Url::Parse(to).value());
  return request;
}

std::vector<std::string> Names(const HttpRequest& request) {
  std::vector<std::string> names;
  for (const auto& header : request.headers) names.push_back(header.first);
  return names;
}

TEST_CASE("303 turns every method but HEAD into GET without a body") {
  HttpRequest request = Followed(Post(), 303, "https://a.example/y");
  CHECK(request.method == "GET");
  CHECK(request.body.empty());
  CHECK(Names(request) ==
        std::vector<std::string>{"Authorization", "Cookie", "X-Api-Key", "Accept"});
  HttpRequest head = Post();
  head.method = "HEAD";
  CHECK(Followed(head, 303, "https://a.example/y").method == "HEAD");
}

TEST_CASE("301 and 302 turn POST into GET and leave PUT alone") {
  for (int status : {301, 302}) {
    CHECK(Followed(Post(), status, "https://a.example/y").method == "GET");
    HttpRequest put = Post();
    put.method = "PUT";
    CHECK(Followed(put, status, "https://a.example/y").method == "PUT");
    CHECK(Followed(put, status, "https://a.example/y").body == "{}");
  }
}

TEST_CASE("307 and 308 keep method and body") {
  for (int status : {307, 308}) {
    HttpRequest request = Followed(Post(), status, "https://a.example/y");
    CHECK(request.method == "POST");
    CHECK(request.body == "{}");
    CHECK(request.headers.size() == 5);
  }
}

TEST_CASE("only headers that describe the message go to another origin") {
  for (const char* to : {"https://b.example/x", "https://a.example:8443/x", "http://a.example/x",
                         "https://sub.a.example/x"}) {
    INFO(to);
    CHECK(Names(Followed(Post(), 307, to)) == std::vector<std::string>{"Content-Type", "Accept"});
  }
}

TEST_CASE("the same origin may be written in several ways") {
  Url plain = Url::Parse("https://a.example/x").value();
  CHECK(plain.SameOrigin(Url::Parse("HTTPS://A.EXAMPLE:443/y").value()));
  CHECK(plain.SameOrigin(Url::Parse("https://a.example./y").value()));
  CHECK_FALSE(plain.SameOrigin(Url::Parse("https://a.example:444/").value()));
}

TEST_CASE("a Location is resolved against where the answer came from") {
  Url from = Url::Parse("https://a.example/x/y?q=1").value();
  CHECK(from.Resolve("//b.example/z").value().host() == "b.example");
  CHECK(from.Resolve("//b.example/z").value().scheme() == "https");
  CHECK(from.Resolve("z").value().SameOrigin(from));
  CHECK_FALSE(from.Resolve("https://user:pass@b.example/").ok());
}

TEST_CASE("only redirects with a Location are followed") {
  HttpResponse response{.status = 302, .headers = {{"location", "/x"}}, .body = ""};
  CHECK(RedirectTarget(response) == "/x");
  response.status = 304;
  CHECK_FALSE(RedirectTarget(response).has_value());
  response = {.status = 302, .headers = {}, .body = ""};
  CHECK_FALSE(RedirectTarget(response).has_value());
}

TEST_CASE("a URL is read once, into the form that is used") {
  CHECK(Url::Parse("https://0x7f.1/").value().host() == "127.0.0.1");
  CHECK(Url::Parse("https://2130706433/").value().host() == "127.0.0.1");
  CHECK(Url::Parse("https://[::FFFF:127.0.0.1]/").value().host() == "::ffff:127.0.0.1");
  CHECK(Url::Parse("https://a.example:8443/").value().port() == 8443);
}

TEST_CASE("what is no plain absolute URL is refused without being repeated") {
  for (const char* text :
       {"", "/path", "a.example", "https://", "https://u:secret@a.example/", "https://u@a.example/",
        "https://a.example:99999/?secret", "https://[fe80::1%25eth0]/", "https://a b/secret",
        "https://a.example/\nsecret", "gopher//x", "ht!tp://secret",
        "https://b\xc3\xbc"
        "cher.example/secret"}) {
    INFO(text);
    auto url = Url::Parse(text);
    REQUIRE_FALSE(url.ok());
    CHECK(std::string(url.status().message()).find("secret") == std::string::npos);
  }
  CHECK_FALSE(Url::Parse(std::string("https://a.example/\0x", 20)).ok());
  CHECK_FALSE(Url::Parse("https://a.example/" + std::string(20000, 'x')).ok());
}

}  // namespace
}  // namespace penstock::egress
