#include "services/connector/outbound/follow.h"

#include <catch2/catch.hpp>
#include <map>

#include "services/connector/outbound/blot_out.h"
#include "services/connector/outbound/testing/scripted_sender.h"

namespace penstock::connector {
namespace {

using egress::HttpRequest;
using egress::HttpResult;
using testing::Answer;
using testing::HeaderOf;
using testing::ScriptedSender;

constexpr char kSecret[] = "planted-token";

HttpResult RedirectTo(std::string location, int status = 302) {
  return Answer(status, {{"location", std::move(location)}});
}

struct Fixture {
  Target target = Target::Create("https://api.example.com/v1", {"files.example.com"}).value();
  bool in_query = false;

  absl::StatusOr<HttpResult> Send(HttpSender& sender, ApiRequest request = {.resource_path = "a"}) {
    return SendFollowing(sender, {.target = target,
                                  .request = target.Build(request).value(),
                                  .authenticate =
                                      [this](HttpRequest& request) {
                                        if (in_query) {
                                          request.url += std::string("?key=") + kSecret;
                                        } else {
                                          request.headers.emplace_back(
                                              "Authorization", std::string("Bearer ") + kSecret);
                                          request.headers.emplace_back("X-Api-Key", kSecret);
                                        }
                                        request.client_identity =
                                            std::make_shared<egress::ClientIdentity>();
                                        return absl::OkStatus();
                                      },
                                  .secrets = [] { return std::vector<std::string_view>{kSecret}; },
                                  .deadline = absl::InfiniteFuture()});
  }
};

std::string TypeOf(const absl::StatusOr<HttpResult>& result) {
  if (!result.ok()) return result.status().ToString();
  const auto* failed = std::get_if<egress::HttpFailure>(&*result);
  return failed != nullptr ? failed->type
                           : std::to_string(std::get<egress::HttpResponse>(*result).status);
}

bool HasCredentials(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (value.find(kSecret) != std::string::npos) return true;
  }
  return request.client_identity != nullptr || request.url.find(kSecret) != std::string::npos;
}

TEST_CASE("a redirect on the connector's own origin is authenticated anew") {
  ScriptedSender sender({RedirectTo("/v2/b"), Answer(200)});
  Fixture fixture;
  CHECK(TypeOf(fixture.Send(sender)) == "200");
  REQUIRE(sender.sent().size() == 2);
  CHECK(sender.sent()[1].url == "https://api.example.com/v2/b");
  CHECK(HasCredentials(sender.sent()[1]));
  CHECK(std::ranges::count(sender.sent()[1].headers, "X-Api-Key",
                           &std::pair<std::string, std::string>::first) == 1);
}

TEST_CASE("to an allowed host a redirect goes without credentials, and back home none return") {
  ScriptedSender sender({RedirectTo("https://files.example.com/f?sig=1"),
                         RedirectTo("https://api.example.com/v1/b"), Answer(200)});
  Fixture fixture;
  CHECK(TypeOf(fixture.Send(
            sender, {.headers = {{"X-Mine", "private"}, {"Accept", "image/png"}}})) == "200");
  REQUIRE(sender.sent().size() == 3);
  CHECK(HasCredentials(sender.sent()[0]));
  CHECK_FALSE(HasCredentials(sender.sent()[1]));
  CHECK_FALSE(HasCredentials(sender.sent()[2]));
  CHECK(HeaderOf(sender.sent()[1], "X-Mine") == "(none)");
  CHECK(HeaderOf(sender.sent()[1], "Accept") == "image/png");
}

TEST_CASE("a redirect to where the connector may not go is not followed") {
  for (const char* location :
       {"https://evil.example/", "//evil.example/x", "http://api.example.com/v1/a",
        "http://files.example.com/", "https://api.example.com:8443/",
        "https://files.example.com:8443/", "https://169.254.169.254/", "ftp://files.example.com/",
        "https://api.example.com.evil.example/"}) {
    INFO(location);
    ScriptedSender sender({RedirectTo(location), Answer(200)});
    Fixture fixture;
    CHECK(TypeOf(fixture.Send(sender)) == "EGRESS_DENIED");
    CHECK(sender.sent().size() == 1);
  }
}

TEST_CASE("a redirect to what is no URL, or without end, is an error") {
  Fixture fixture;
  for (const char* location : {"https://user:pw@files.example.com/", "https://", "http://["}) {
    INFO(location);
    ScriptedSender sender({RedirectTo(location)});
    CHECK(TypeOf(fixture.Send(sender)) == "TOO_MANY_REDIRECTS");
  }
  ScriptedSender loop({RedirectTo("/v1/a")});
  CHECK(TypeOf(fixture.Send(loop)) == "TOO_MANY_REDIRECTS");
  CHECK(loop.sent().size() == 6);
}

TEST_CASE("a credential does not travel in the URL of a redirect") {
  Fixture fixture;
  fixture.in_query = true;
  for (const char* location : {"https://files.example.com/?key=planted-token",
                               "https://files.example.com/planted%2Dtoken"}) {
    ScriptedSender sender({RedirectTo(location), Answer(200)});
    CHECK(TypeOf(fixture.Send(sender)) == "EGRESS_DENIED");
    CHECK(sender.sent().size() == 1);
  }
}

TEST_CASE("a POST becomes a GET where browsers do so, and stays one where it must") {
  Fixture fixture;
  for (const auto& [status, method] : std::map<int, std::string>{
           {301, "GET"}, {302, "GET"}, {303, "GET"}, {307, "POST"}, {308, "POST"}}) {
    ScriptedSender sender({RedirectTo("b", status), Answer(200)});
    CHECK(TypeOf(fixture.Send(sender, {.method = "POST",
                                       .resource_path = "a",
                                       .body = "x",
                                       .content_type = "text/plain"})) == "200");
    CHECK(sender.sent()[1].method == method);
    CHECK(sender.sent()[1].body == (method == "GET" ? "" : "x"));
  }
}

TEST_CASE("an answer with a redirecting status and no Location is an answer") {
  ScriptedSender sender({Answer(304)});
  Fixture fixture;
  CHECK(TypeOf(fixture.Send(sender)) == "304");
}

TEST_CASE("what can't be authenticated, or would be elsewhere then, is not sent") {
  Fixture fixture;
  ScriptedSender sender({Answer(200)});
  const auto send = [&](std::function<absl::Status(HttpRequest&)> authenticate) {
    return SendFollowing(sender, {.target = fixture.target,
                                  .request = fixture.target.Build({}).value(),
                                  .authenticate = std::move(authenticate),
                                  .secrets = {},
                                  .deadline = absl::InfiniteFuture()})
        .status();
  };
  CHECK(send([](HttpRequest&) { return absl::NotFoundError("no token"); }) ==
        absl::NotFoundError("no token"));
  CHECK(absl::IsInternal(send([](HttpRequest& request) {
    request.url = "https://evil.example/";
    return absl::OkStatus();
  })));
  CHECK(sender.sent().empty());
}

TEST_CASE("what a third party repeats of the credentials is blotted out") {
  Fixture fixture;
  ScriptedSender sender([](const HttpRequest& request) {
    std::string echo;
    for (const auto& [name, value] : request.headers) echo += name + ": " + value + "\n";
    return Answer(
        200,
        {{"link", "<https://api.example.com/v1/a?key=planted-token&page=2>; rel=\"next\""},
         {"set-cookie", "session=1"}},
        echo);
  });
  const auto result = fixture.Send(sender);
  const auto& response = std::get<egress::HttpResponse>(*result);
  CHECK(response.body == "Authorization: Bearer [redacted]\nX-Api-Key: [redacted]\n");
  CHECK(response.headers ==
        egress::Headers{
            {"link", "<https://api.example.com/v1/a?key=[redacted]&page=2>; rel=\"next\""}});
}

TEST_CASE("secrets are found in every form they are written in, short ones left alone") {
  const std::string secret = "p\"l/a+nt\\ed";
  egress::HttpResponse response{
      .status = 200,
      .body = "p\"l/a+nt\\ed|p%22l%2Fa%2Bnt%5Ced|p\\\"l/a+nt\\\\ed|cDpxd2VydHk=|pin 1234"};
  BlotOut(response, {secret, "1234"}, {{"authorization", "Basic cDpxd2VydHk="}});
  CHECK(response.body == "[redacted]|[redacted]|[redacted]|[redacted]|pin 1234");
  CHECK(HoldsSecret("x=p%22l%2Fa%2Bnt%5Ced", {secret}));
  CHECK_FALSE(HoldsSecret("x=p", {secret}));
}

}  // namespace
}  // namespace penstock::connector
