// Webhooks through the whole service (I1): the real front door and database, a fake engine.

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "services/interfaces/testing/service_fixture.h"

namespace penstock::interfaces {
namespace {

using penstock::testing::HttpClient;
using penstock::testing::HttpResponse;
using penstock::testing::RequestText;
using testing::FakeEngine;
using testing::ServiceFixture;
using workflow::v1::Delivery;

struct Service : ServiceFixture {
  Service() { Start(); }
};

bool Has(const HttpResponse& response, std::string_view text) {
  INFO(response.status << " " << response.body);
  return response.body.find(text) != std::string::npos;
}

std::string Find(const google::protobuf::RepeatedPtrField<workflow::v1::HeaderField>& fields,
                 std::string_view name) {
  for (const auto& field : fields) {
    if (field.name() == name) return field.value();
  }
  return "(none)";
}

// {"status":"received","webhookId":"<uuid>"}
bool IsAcknowledgement(const HttpResponse& response) {
  constexpr std::string_view kStart = "{\"status\":\"received\",\"webhookId\":\"";
  return response.status == 200 && response.body.starts_with(kStart) &&
         Uuid::Parse(std::string_view(response.body).substr(kStart.size(), 36)) &&
         response.body.size() == kStart.size() + 38;
}

TEST_CASE_METHOD(Service, "a webhook reaches the engine as it was sent and is acknowledged") {
  const std::string body = " {\"message\" : \"hello\"}\n";
  const HttpResponse response = Send(body,
                                     {{"Content-Type", "application/json; charset=utf-8"},
                                      {"X-Signature", "sha256=00"},
                                      {"Authorization", "Bearer secret"},
                                      {"Cookie", "a=b"}},
                                     "/webhooks/acme/web%20hook/test?a=1&b=x%20y");
  CHECK(IsAcknowledgement(response));
  REQUIRE(engine->deliveries().size() == 1);
  const Delivery delivery = engine->deliveries().front();
  CHECK(delivery.tenant_id() == acme.uuid().as_string_view());
  CHECK(delivery.trigger_type() == "web hook");
  CHECK(delivery.action_type() == "test");
  CHECK(delivery.body() == body);
  CHECK(delivery.content_type() == "application/json; charset=utf-8");
  CHECK(Find(delivery.headers(), "x-signature") == "sha256=00");
  CHECK(Find(delivery.headers(), "authorization") == "(none)");
  CHECK(Find(delivery.headers(), "cookie") == "(none)");
  CHECK(Find(delivery.query(), "b") == "x y");
}

TEST_CASE_METHOD(Service, "a tenant is named by slug or uuid") {
  CHECK(IsAcknowledgement(Send("{}", {}, "/webhooks/" + acme.ToString() + "/webhook/test")));
  CHECK(IsAcknowledgement(Send("{}")));
  CHECK(engine->deliveries().size() == 2);
}

TEST_CASE_METHOD(Service, "an unknown tenant gets the same acknowledgement and nothing is kept") {
  const HttpResponse known = Send("{}");
  for (const char* client :
       {"nobody", "01900000-0000-7000-8000-00000000ffff", "%00", "a%2Fb", "UPPER_case", "'--"}) {
    const HttpResponse unknown = Send("{}", {}, fmt::format("/webhooks/{}/webhook/test", client));
    CHECK(IsAcknowledgement(unknown));
    CHECK(unknown.headers.size() == known.headers.size());
    CHECK(unknown.header("content-type") == known.header("content-type"));
  }
  CHECK(engine->deliveries().size() == 1);
  CHECK(app->registry().Expose().find("penstock_webhooks_unknown_tenant_total 6") !=
        std::string::npos);
}

TEST_CASE_METHOD(Service, "a tenant made a moment ago works although it was asked for before") {
  CHECK(IsAcknowledgement(Send("{}", {}, "/webhooks/fresh/webhook/test")));
  AddTenant("fresh");
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (engine->deliveries().empty() && absl::Now() < end) {
    CHECK(IsAcknowledgement(Send("{}", {}, "/webhooks/fresh/webhook/test")));
  }
  CHECK(engine->deliveries().size() == 1);
}

TEST_CASE_METHOD(Service, "bad bodies are refused for what they are") {
  CHECK(Send("{\"a\":}").status == 400);
  CHECK(Has(Send("{\"a\":}"), "at byte 6"));
  CHECK(Has(Send("{\"a\":}"), "MALFORMED_BODY"));
  CHECK(Send("\"\xff\"").status == 400);
  CHECK(Send(std::string(65, '[') + "1" + std::string(65, ']')).status == 400);
  CHECK(Send("a=%f", {{"Content-Type", "application/x-www-form-urlencoded"}}).status == 400);
  CHECK(Send("<x/>", {{"Content-Type", "application/xml"}}).status == 415);
  CHECK(Send("--x--", {{"Content-Type", "multipart/form-data; boundary=x"}}).status == 415);
  CHECK(Send("{}", {}, "/webhooks/acme/a%ff/test").status == 400);
  CHECK(Send("{}", {}, "/webhooks/acme/webhook/test?a=%00").status == 400);
  CHECK(Send("{}", {}, "/webhooks/acme/" + std::string(129, 'a') + "/test").status == 400);
  CHECK(engine->deliveries().empty());
}

TEST_CASE_METHOD(Service, "empty, form and text bodies are taken") {
  CHECK(IsAcknowledgement(Send("")));
  CHECK(
      IsAcknowledgement(Send("a=b&c=d", {{"Content-Type", "application/x-www-form-urlencoded"}})));
  CHECK(IsAcknowledgement(Send("plain", {{"Content-Type", "text/plain"}})));
  CHECK(engine->deliveries().size() == 3);
}

TEST_CASE_METHOD(Service, "a body past the limit is 413, headers past it 431") {
  CHECK(IsAcknowledgement(Send("\"" + std::string((1 << 20) - 2, 'x') + "\"")));
  CHECK(Send("\"" + std::string((1 << 20) - 1, 'x') + "\"").status == 413);
  CHECK(Send("{}", {{"X", std::string(20'000, 'x')}}).status == 431);
}

TEST_CASE_METHOD(Service, "other methods are 405 and other paths 404") {
  HttpClient client = Connect();
  const auto get = client.Call("GET", "/webhooks/acme/webhook/test");
  CHECK(get->status == 405);
  CHECK(get->header("allow") == "POST, OPTIONS");
  CHECK(client.Call("POST", "/nothing/here", "{}")->status == 404);
  CHECK(client.Call("GET", "/")->status == 404);
}

TEST_CASE_METHOD(Service, "past its rate a tenant is told 429 and others are not") {
  int passed = 0;
  std::optional<HttpResponse> refused;
  for (int i = 0; i < 10; ++i) {
    HttpResponse response = Send("{}", {}, "/webhooks/slow/webhook/test");
    response.status == 200 ? ++passed : (refused = response, 0);
  }
  CHECK(passed < 10);
  REQUIRE(refused);
  CHECK(refused->status == 429);
  CHECK(refused->header("retry-after") == "1");
  CHECK(Has(*refused, "RATE_LIMITED"));
  CHECK(IsAcknowledgement(Send("{}")));
}

TEST_CASE_METHOD(Service, "what the engine answers is what the sender gets") {
  engine->OnDelivery([](const Delivery&) {
    auto reply = FakeEngine::Accepted();
    reply.set_http_status(202);
    reply.set_body("The processed result is: hello processed");
    reply.set_content_type("text/plain");
    auto* header = reply.add_headers();
    header->set_name("X-Run");
    header->set_value("7");
    return reply;
  });
  const HttpResponse response = Send("{}");
  CHECK(response.status == 202);
  CHECK(response.body == "The processed result is: hello processed");
  CHECK(response.header("x-run") == "7");
}

TEST_CASE_METHOD(Service,
                 "an overloaded engine is 429, one that refuses is heard, one that fails is 500") {
  int status = 429;
  engine->OnDelivery([&](const Delivery&) {
    workflow::v1::DeliveryReply reply;
    reply.set_http_status(status);
    reply.set_error_reason("SOME_REASON");
    reply.set_retry_after_seconds(3);
    return reply;
  });
  CHECK(Send("{}").header("retry-after") == "3");
  status = 401;
  CHECK(Send("{}").status == 401);
  status = 500;
  CHECK(Send("{}").status == 500);
}

TEST_CASE_METHOD(Service, "without an engine the answer is 500, never an acknowledgement") {
  CHECK(IsAcknowledgement(Send("{}")));
  engine.reset();
  for (int i = 0; i < 5; ++i) {
    const HttpResponse response = Send("{}");
    CHECK(response.status == 500);
    CHECK(response.header("content-type") == "application/problem+json");
  }
}

TEST_CASE("without a database a tenant that is not known yet is 500") {
  ServiceFixture service;
  service.config.server_pool.conninfo = "host=127.0.0.1 port=1 dbname=x user=x";
  service.config.server_pool.acquire_timeout = absl::Milliseconds(50);
  service.Start();
  CHECK(service.Send("{}").status == 500);
}

TEST_CASE_METHOD(Service, "a slow workflow delays nobody else") {
  engine->OnDelivery([](const Delivery& delivery) {
    return delivery.body() == "\"slow\"" ? std::nullopt : std::optional(FakeEngine::Accepted());
  });
  HttpClient slow = Connect();
  REQUIRE(slow.SendRaw(RequestText("POST", "/webhooks/acme/webhook/test", "\"slow\"")).ok());
  REQUIRE(engine->WaitForDeliveries(1));
  for (int i = 0; i < 20; ++i) CHECK(IsAcknowledgement(Send("{}")));
  engine->Release();
  CHECK(IsAcknowledgement(*slow.Read()));
}

TEST_CASE("an engine that does not answer in time is 504") {
  ServiceFixture service;
  service.config.webhook_wait_timeout = absl::Milliseconds(100);
  service.Start();
  service.engine->OnDelivery([](const Delivery&) { return std::nullopt; });
  const HttpResponse response = service.Send("{}");
  CHECK(response.status == 504);
  CHECK(Has(response, "OUTCOME_UNKNOWN"));
}

TEST_CASE_METHOD(Service,
                 "a stream that breaks under a delivery is 500 and the next delivery passes") {
  engine->OnDelivery([](const Delivery&) { return std::nullopt; });
  HttpClient client = Connect();
  REQUIRE(client.SendRaw(RequestText("POST", "/webhooks/acme/webhook/test", "{}")).ok());
  REQUIRE(engine->WaitForDeliveries(1));
  engine->BreakStreams();
  const HttpResponse response = *client.Read();
  CHECK(response.status == 500);
  CHECK(Has(response, "OUTCOME_UNKNOWN"));
  engine->OnDelivery([](const Delivery&) { return FakeEngine::Accepted(); });
  CHECK(IsAcknowledgement(Send("{}")));
}

TEST_CASE_METHOD(Service, "a sender that leaves in the middle of a body leaves nothing") {
  HttpClient client = Connect();
  REQUIRE(client
              .SendRaw("POST /webhooks/acme/webhook/test HTTP/1.1\r\nHost: h\r\nContent-Length: "
                       "100\r\n\r\n{\"a\":")
              .ok());
  client.Abort();
  CHECK(IsAcknowledgement(Send("{}")));
  CHECK(engine->deliveries().size() == 1);
}

TEST_CASE_METHOD(Service, "pipelined webhooks are answered in order") {
  engine->OnDelivery([](const Delivery& delivery) {
    auto reply = FakeEngine::Accepted();
    reply.set_body(delivery.body());
    return reply;
  });
  HttpClient client = Connect();
  std::string batch;
  for (int i = 0; i < 50; ++i)
    batch += RequestText("POST", "/webhooks/acme/webhook/test", std::to_string(i));
  REQUIRE(client.SendRaw(batch).ok());
  for (int i = 0; i < 50; ++i) CHECK(client.Read()->body == std::to_string(i));
}

TEST_CASE_METHOD(Service, "a thousand senders at once are all answered") {
  engine->OnDelivery([](const Delivery&) { return std::nullopt; });
  std::vector<HttpClient> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.push_back(Connect());
    REQUIRE(clients.back().SendRaw(RequestText("POST", "/webhooks/acme/webhook/test", "{}")).ok());
  }
  REQUIRE(engine->WaitForDeliveries(1000));
  engine->Release();
  for (auto& client : clients) CHECK(IsAcknowledgement(*client.Read()));
  CHECK(engine->messages() < 1000);
}

TEST_CASE_METHOD(Service, "draining answers what is under way and takes nothing more") {
  engine->OnDelivery([](const Delivery&) { return std::nullopt; });
  HttpClient client = Connect();
  REQUIRE(client.SendRaw(RequestText("POST", "/webhooks/acme/webhook/test", "{}")).ok());
  REQUIRE(engine->WaitForDeliveries(1));
  std::thread drainer([&] { app->Drain(); });
  while (!app->readiness().draining()) std::this_thread::yield();
  while (HttpClient::Connect(app->http_port()).ok()) std::this_thread::yield();
  engine->Release();
  const HttpResponse response = *client.Read();
  CHECK(IsAcknowledgement(response));
  CHECK(response.header("connection") == "close");
  drainer.join();
}

TEST_CASE_METHOD(Service, "readiness follows the engine") {
  AwaitReady();
  auto admin = HttpClient::Connect(app->admin_port());
  REQUIRE(admin.ok());
  CHECK(admin->Call("GET", "/readyz")->status == 200);
  CHECK(admin->Call("GET", "/healthz")->status == 200);
  CHECK(Has(*admin->Call("GET", "/metrics"), "penstock_webhook_engine_seconds_bucket"));
  engine->SetHealthy(false);
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (app->readiness().ready() && absl::Now() < end) std::this_thread::yield();
  CHECK(Has(*admin->Call("GET", "/readyz"), "engine"));
}

}  // namespace
}  // namespace penstock::interfaces
