// Calls through the real egress client to a strict API on loopback.
#include <catch2/catch.hpp>
#include <thread>

#include "libs/egress/client.h"
#include "libs/egress/testing/tls_identity.h"
#include "libs/metrics/metrics.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "services/connector/outbound/blocking_client.h"
#include "services/connector/outbound/caller.h"
#include "services/connector/outbound/pagination.h"
#include "services/connector/testing/api_server/api_server.h"
#include "services/connector/testing/api_server/http2_server.h"

namespace penstock::connector {
namespace {

using nlohmann::json;
using testing::ApiServer;
using testing::Http2Server;

const RealClock kClock;

class OpenGate final : public RateGate {
 public:
  absl::StatusOr<absl::Duration> Take(const ConnectorKey&, const std::optional<RateLimit>&,
                                      absl::Duration) override {
    return absl::ZeroDuration();
  }
  void Block(const ConnectorKey&, absl::Duration) override {}
};

std::unique_ptr<egress::HttpClient> MakeHttp(const std::string& ca_file) {
  egress::ClientOptions options;
  options.driver.limits.ca_file = ca_file;
  return egress::HttpClient::Create(
             egress::Guard::Create("127.0.0.1:1-65535", egress::PlainHttp::kAllowed).value(),
             kClock, options)
      .value();
}

struct Client {
  explicit Client(const std::string& ca_file = "") : http(MakeHttp(ca_file)) {}

  absl::StatusOr<CallResult> Call(const CallPlan& plan) {
    return caller.Call(plan, kClock.Now() + absl::Seconds(30));
  }

  std::unique_ptr<egress::HttpClient> http;
  BlockingClient sender{*http, kClock};
  OpenGate gate;
  metrics::Registry registry;
  CallMetrics metrics{registry, {}};
  Caller caller{{.http = sender,
                 .rate_gate = gate,
                 .clock = kClock,
                 .metrics = metrics,
                 .jitter = [] { return 0.01; },
                 .sleep = SleepInRealTime}};
};

struct Fixture {
  CallPlan Plan(ApiRequest request) const {
    const Target target = Target::Create(server.url(""), {}).value();
    CallPlan plan{.target = target,
                  .request = target.Build(request).value(),
                  .idempotent = IsIdempotent(request.method)};
    plan.authenticate = [this](egress::HttpRequest& request, int) {
      request.headers.emplace_back("Authorization", "Bearer " + token);
      return absl::OkStatus();
    };
    plan.secrets = [this] { return std::vector<std::string_view>{token}; };
    return plan;
  }
  CallPlan Get(std::string path,
               std::vector<std::pair<std::string, std::string>> query = {}) const {
    return Plan({.resource_path = std::move(path), .query = std::move(query)});
  }
  // The body of a 200.
  json Body(const absl::StatusOr<CallResult>& result) const {
    INFO(result.status());
    REQUIRE(result.ok());
    REQUIRE(result->response.status == 200);
    return json::parse(result->response.body);
  }

  std::string token = "planted-token";
  ApiServer server{token};
  Client client;
};

TEST_CASE_METHOD(Fixture,
                 "a request arrives as it was meant, and its answer without the credential") {
  const auto result =
      client.Call(Plan({.method = "POST",
                        .resource_path = "/echo",
                        .query = {{"q", "a b&c"}},
                        .headers = {{"Idempotency-Key", "k1"}, {"Notion-Version", "2022-06-28"}},
                        .body = "{\"a\":1}",
                        .content_type = "application/json"}));
  const json seen = Body(result);
  CHECK(seen["method"] == "POST");
  CHECK(seen["target"] == "/echo?q=a%20b%26c");
  CHECK(seen["body"] == "{\"a\":1}");
  CHECK(seen["headers"]["content-type"] == "application/json");
  CHECK(seen["headers"]["idempotency-key"] == "k1");
  CHECK(seen["headers"]["notion-version"] == "2022-06-28");
  CHECK(seen["headers"]["authorization"] == "Bearer [redacted]");
  CHECK(server.received().at(0).headers.at("authorization") == "Bearer planted-token");
  for (const auto& [name, value] : result->response.headers) CHECK(name != "set-cookie");
  CHECK(server.violations().empty());
}

TEST_CASE_METHOD(Fixture, "a token that was renewed meanwhile costs one more attempt") {
  for (const char* path : {"echo", "expired-200"}) {
    server.RenewToken(token + "-new");
    CallPlan plan = Get(path);
    plan.signals =
        ParseSignals(json::parse(
                         R"({"expired_signals": [{"status": 200, "body": {"path": "errors.0.code",
                    "equals": "602"}}]})"))
            .value();
    plan.on_unauthorized = [&](int) { return token += "-new", absl::OkStatus(); };
    const auto result = client.Call(plan);
    Body(result);
    CHECK(result->attempts == 2);
  }
  CHECK(server.received().size() == 4);
}

TEST_CASE_METHOD(Fixture, "an API's own way of saying too many is waited out") {
  const ResponseSignals signals =
      ParseSignals(json::parse(
                       R"({"signals": [{"status": 403, "header": "x-ratelimit-remaining",
                  "header_value": "0"},
                                               {"status": 400, "body": {"path": "errors.0.code",
                                               "equals": "RATELIMITED"}}],
                                   "retry_after": [{"header": "x-ratelimit-reset",
                                   "format": "FORMAT_EPOCH_SECONDS"}]})"))
          .value();
  // Without the catalogue's word for it a 403 is a 403.
  CHECK(client.Call(Get("limited/403"))->response.status == 403);
  ApiServer fresh(token);
  for (const char* path : {"limited/403", "limited/400", "limited/429"}) {
    INFO(path);
    CallPlan plan = Get(path);
    plan.target = Target::Create(fresh.url(""), {}).value();
    plan.request = plan.target.Build({.resource_path = path}).value();
    plan.signals = signals;
    const auto result = client.Call(plan);
    REQUIRE(result.ok());
    CHECK(result->response.status == 200);
    CHECK(result->attempts == 2);
  }
}

TEST_CASE_METHOD(Fixture, "redirects stay where the connector may go") {
  CHECK(Body(client.Call(Get("redirect", {{"to", "/echo?moved"}})))["target"] == "/echo?moved");
  ApiServer other(token);
  for (const std::string& to :
       {other.url("/echo"), std::string("http://10.0.0.1/"), std::string("http://[::1]:80/"),
        std::string("//169.254.169.254/latest/meta-data/"), std::string("gopher://127.0.0.1/")}) {
    INFO(to);
    const auto refused = client.Call(Get("redirect", {{"to", to}}));
    CHECK(ReasonOf(refused.status()) == "EGRESS_DENIED");
    CHECK(refused.status().ToString().find("169.254") == std::string::npos);
  }
  CHECK(other.connections() == 0);
}

TEST_CASE_METHOD(Fixture, "an allowed host gets the request and no credential") {
  ApiServer other("another-token");
  CallPlan plan = Get("redirect", {{"to", other.url("/echo")}});
  plan.target =
      Target::Create(server.url(""), {"127.0.0.1:" + std::to_string(other.port())}).value();
  const auto result = client.Call(plan);
  REQUIRE(result.ok());
  CHECK(result->response.status == 401);
  REQUIRE(other.received().size() == 1);
  CHECK_FALSE(other.received()[0].headers.contains("authorization"));
}

TEST_CASE_METHOD(Fixture, "an API allowed by the connector and not by the operator is not called") {
  auto http =
      egress::HttpClient::Create(
          egress::Guard::Create("192.0.2.1:1-65535", egress::PlainHttp::kAllowed).value(), kClock)
          .value();
  BlockingClient sender(*http, kClock);
  Caller caller({.http = sender,
                 .rate_gate = client.gate,
                 .clock = kClock,
                 .metrics = client.metrics,
                 .jitter = [] { return 0; },
                 .sleep = SleepInRealTime});
  const auto refused = caller.Call(Get("echo"), kClock.Now() + absl::Seconds(30));
  CHECK(refused.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ReasonOf(refused.status()) == "EGRESS_DENIED");
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(Fixture, "bodies without end and bombs end at the limit") {
  for (const char* path : {"endless", "bomb"}) {
    INFO(path);
    CallPlan plan = Get(path);
    plan.request.max_response_bytes = 1 << 20;
    const auto result = client.Call(plan);
    CHECK(ReasonOf(result.status()) == "UPSTREAM_FAILED");
    CHECK(MetadataOf(result.status(), "type") == "TOO_LARGE");
  }
}

TEST_CASE_METHOD(
    Fixture, "a connection lost behind the request is tried again only when that does no harm") {
  const auto again = client.Call(Get("drop/2"));
  Body(again);
  CHECK(again->attempts <= 3);
  const auto once = client.Call(Plan({.method = "POST", .resource_path = "drop/9"}));
  CHECK(ReasonOf(once.status()) == "UPSTREAM_FAILED");
  CHECK(MetadataOf(once.status(), "acted") == "maybe");
  CHECK(std::ranges::count(server.received(), "POST", &egress::ReceivedRequest::method) == 1);
}

TEST_CASE_METHOD(Fixture, "a slow API times out, and is not waited for when the caller has gone") {
  CallPlan plan = Get("hold");
  SECTION("timeout") {
    plan.timeout = absl::Milliseconds(50);
    CHECK(ReasonOf(client.Call(plan).status()) == "UPSTREAM_TIMEOUT");
  }
  SECTION("gone") {
    lifecycle::Cancellation cancellation;
    plan.cancellation = &cancellation;
    std::thread leaving([&] {
      server.AwaitHeld();
      cancellation.Cancel();
    });
    CHECK(absl::IsCancelled(client.Call(plan).status()));
    leaving.join();
  }
}

TEST_CASE_METHOD(Fixture, "no error holds the credential, the query or what the API said") {
  for (const char* path : {"fail/500", "fail/503", "fail/429", "drop/99", "bomb", "redirect"}) {
    INFO(path);
    CallPlan plan =
        Get(path, {{"q", "planted-query"}, {"to", "http://planted-host.example/planted"}});
    plan.request.max_response_bytes = 1 << 20;
    plan.retry.maximum_attempts = 1;
    const absl::Status error = client.Call(plan).status();
    REQUIRE_FALSE(error.ok());
    CHECK(error.ToString().find("planted") == std::string::npos);
  }
  const auto refused = client.Call([&] {
    CallPlan plan = Get("echo");
    server.RenewToken("other");
    return plan;
  }());
  CHECK(refused->response.body == "who are you, Bearer [redacted]");
  CHECK(client.registry.Expose().find("planted") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "lists of every style are read to their end") {
  struct Style {
    const char* name;
    const char* config;
  };
  for (const Style& style :
       {Style{"page", R"({"style": "PAGE", "page_parameter": "page", "items_path": "items"})"},
        {"offset", R"({"style": "OFFSET", "offset_parameter": "from", "items_path": "items"})"},
        {"cursor",
         R"({"style": "CURSOR", "cursor_parameter": "from", "cursor_path": "next",
            "items_path": "items"})"},
        {"link", R"({"style": "LINK", "items_path": "items"})"},
        {"body_link",
         R"({"style": "BODY_LINK", "next_link_path": "next", "items_path": "items"})"}}) {
    INFO(style.name);
    CallPlan plan = Get(std::string("pages/") + style.name);
    PageWalk walk(ParsePagination(json::parse(style.config)).value(), plan.target, plan.request);
    json items = json::array();
    while (walk.next()) {
      plan.request = *walk.next();
      const auto page = client.Call(plan);
      REQUIRE(page.ok());
      const std::vector<json> taken = walk.Take(page->response).value();
      for (const json& item : taken) items.push_back(item);
    }
    CHECK(items == json{1, 2, 3, 4, 5, 6, 7});
  }
  CHECK(server.violations().empty());
}

// ---- Client certificates and HTTP/2.

struct Mtls {
  Mtls() { server_identity.RequireClient(client_identity); }

  CallPlan Plan(const ApiServer& server, std::shared_ptr<const egress::ClientIdentity> identity) {
    const Target target = Target::Create(server.url(""), {}).value();
    CallPlan plan{.target = target,
                  .request = target.Build({.resource_path = "echo"}).value(),
                  .idempotent = true};
    plan.authenticate = [identity](egress::HttpRequest& request, int) {
      request.headers.emplace_back("Authorization", "Bearer planted-token");
      request.client_identity = identity;
      return absl::OkStatus();
    };
    return plan;
  }
  static std::shared_ptr<const egress::ClientIdentity> Show(const egress::TlsIdentity& identity) {
    return std::make_shared<const egress::ClientIdentity>(egress::ClientIdentity{
        identity.certificate_pem(), crypto::Secret(identity.private_key_pem())});
  }

  egress::TlsIdentity server_identity, client_identity, stranger;
};

TEST_CASE_METHOD(Mtls,
                 "a server that wants a certificate gets the connector's, and no other will do") {
  ApiServer server("planted-token", &server_identity);
  Client client(server_identity.certificate_file());
  const auto known = client.Call(Plan(server, Show(client_identity)));
  INFO(known.status());
  CHECK(known.ok());
  for (const auto& identity : {Show(stranger), std::shared_ptr<const egress::ClientIdentity>()}) {
    // Not even over the connection that the other one left open.
    const auto refused = client.Call(Plan(server, identity));
    CHECK(ReasonOf(refused.status()) == "UPSTREAM_FAILED");
    CHECK(refused.status().ToString().find("planted") == std::string::npos);
  }
  CHECK(server.received().size() == 1);
  CHECK(client.Call(Plan(server, Show(client_identity))).ok());
}

TEST_CASE_METHOD(Mtls, "a key that does not fit its certificate is an error that holds neither") {
  ApiServer server("planted-token", &server_identity);
  Client client(server_identity.certificate_file());
  const auto mixed = std::make_shared<const egress::ClientIdentity>(egress::ClientIdentity{
      client_identity.certificate_pem(), crypto::Secret(stranger.private_key_pem())});
  const absl::Status error = client.Call(Plan(server, mixed)).status();
  CHECK(MetadataOf(error, "type") == "TLS_FAILED");
  CHECK(MetadataOf(error, "acted") == "no");
  CHECK(error.ToString().find("BEGIN") == std::string::npos);
}

TEST_CASE("over HTTP/2 calls at the same time share one connection") {
  egress::TlsIdentity identity;
  Http2Server server(identity);
  Client client(identity.certificate_file());
  const Target target = Target::Create(server.url(""), {}).value();
  const CallPlan plan{.target = target,
                      .request = target.Build({.resource_path = "x"}).value(),
                      .idempotent = true};
  REQUIRE(client.Call(plan).ok());
  constexpr int kAtOnce = 8;
  // None is answered before all are there, on one connection.
  server.AnswerInGroupsOf(kAtOnce);
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kAtOnce; ++i) {
    threads.emplace_back([&] { answered += client.Call(plan).ok() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(answered == kAtOnce);
  CHECK(server.connections() == 1);
}

}  // namespace
}  // namespace penstock::connector
