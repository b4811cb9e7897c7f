#include "libs/http/router.h"

#include <catch2/catch.hpp>
#include <optional>

#include "libs/http/percent.h"

namespace penstock::http {
namespace {

struct Recorder final : ResponseSink {
  void Answer(Response response) override { answer = std::move(response); }
  std::optional<Response> answer;
};

Response Ask(const Router& router, Method method, std::string_view path) {
  auto recorder = std::make_shared<Recorder>();
  Request request;
  request.method = method;
  request.path = path;
  request.request_id = "r-1";
  router.Route(request, Responder(recorder));
  REQUIRE(recorder->answer);
  return *recorder->answer;
}

std::string AllowOf(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "Allow") return value;
  }
  return "";
}

Router MakeRouter() {
  Router router;
  auto say = [](std::string what) {
    return [what](const Request& request, Responder responder) {
      Response response;
      response.body = what;
      for (std::string_view parameter : request.path_parameters)
        response.body.append("|").append(parameter);
      responder.Send(std::move(response));
    };
  };
  router.Add(Method::kPost, "/webhooks/{client}/{trigger}/{action}", say("post"));
  router.Add(Method::kGet, "/healthz", say("health"));
  router.Add(Method::kGet, "/things/{id}", say("get"));
  router.Add(Method::kDelete, "/things/{id}", say("delete"));
  router.Add(Method::kGet, "/", say("root"));
  return router;
}

TEST_CASE("a path finds its handler and parameters") {
  const Router router = MakeRouter();
  CHECK(Ask(router, Method::kPost, "/webhooks/a/b/c%20d").body == "post|a|b|c%20d");
  CHECK(Ask(router, Method::kGet, "/healthz").body == "health");
  CHECK(Ask(router, Method::kGet, "/").body == "root");
  CHECK(Ask(router, Method::kDelete, "/things/7").body == "delete|7");
  CHECK(Ask(router, Method::kHead, "/things/7").body == "get|7");
}

TEST_CASE("unknown paths are 404 problems with the request's id") {
  const Router router = MakeRouter();
  for (const char* path : {"/nope", "/healthz/", "/webhooks/a/b", "/webhooks/a/b/",
                           "/webhooks/a/b/c/d", "/webhooks//b/c", "*"}) {
    const Response response = Ask(router, Method::kPost, path);
    CHECK(response.status == 404);
    CHECK(response.content_type == "application/problem+json");
    CHECK(response.body.find("\"requestId\":\"r-1\"") != std::string::npos);
  }
}

TEST_CASE("a known path with another method is 405 and says which it has") {
  const Router router = MakeRouter();
  CHECK(Ask(router, Method::kGet, "/webhooks/a/b/c").status == 405);
  CHECK(AllowOf(Ask(router, Method::kGet, "/webhooks/a/b/c")) == "POST, OPTIONS");
  CHECK(AllowOf(Ask(router, Method::kPost, "/things/1")) == "GET, HEAD, DELETE, OPTIONS");
  CHECK(Ask(router, Method::kOptions, "/things/1").status == 204);
  CHECK(AllowOf(Ask(router, Method::kOptions, "/things/1")) == "GET, HEAD, DELETE, OPTIONS");
  CHECK(Ask(router, Method::kOther, "/things/1").status == 405);
}

TEST_CASE("percent-decoding gives text or nothing") {
  CHECK(PercentDecode("a%20b%C3%A4") == "a b\xC3\xA4");
  CHECK(PercentDecode("a+b") == "a+b");
  for (const char* bad : {"%", "%2", "%zz", "%00", "%ff", "\xff"}) CHECK(!PercentDecode(bad));
}

TEST_CASE("queries are taken apart in order, and bounded") {
  CHECK(ParseQuery("a=1&b=x+y&&c&d=%26%3D&a=2", 10) ==
        QueryParameters{{"a", "1"}, {"b", "x y"}, {"c", ""}, {"d", "&="}, {"a", "2"}});
  CHECK(ParseQuery("", 0) == QueryParameters{});
  CHECK(!ParseQuery("a&b&c", 2));
  CHECK(!ParseQuery("a=%ff", 2));
}

}  // namespace
}  // namespace penstock::http
