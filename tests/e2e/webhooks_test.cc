// Webhooks beyond the sample: answers, de-duplication, signatures, redelivery.
#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

using nlohmann::json;

constexpr char kBody[] = R"({"message":"hello"})";

harness::HttpReply Post(const std::string& action, const std::vector<std::string>& headers = {},
                        const std::string& body = kBody) {
  return Must(harness::PostJson(SharedDeployment().WebhookUrl(action), body, headers));
}

std::string CreateSecret(const std::string& name, const std::string& value = "") {
  Clients& clients = SharedDeployment().clients();
  interfaces::v1::CreateSigningSecretRequest request;
  request.set_name(name);
  request.set_value(value);
  return Must(clients.Call(&WebhookService::Stub::CreateSigningSecret, clients.webhooks(), request))
      .value();
}

// A duplicate names the execution that the first one started, so only accepted deliveries count.
int CountStarted(const std::string& action) {
  int count = 0;
  const auto stored = Must(Deliveries(SharedDeployment().clients(), action));
  for (const auto& delivery : stored.deliveries()) {
    if (delivery.outcome() != interfaces::v1::DELIVERY_OUTCOME_ACCEPTED) continue;
    count += delivery.execution_ids_size();
  }
  return count;
}

TEST_CASE("a webhook that waits for completion answers with the result") {
  Publish(SharedDeployment().clients(),
          Chain({WebhookTrigger("answering", {{"respond", "completed"}}),
                 Node("f", "function", {{"code", "return { result: input.data.message + '!' };"}}),
                 Node("r", "response", {{"template", "Result: {{result}}"}})}));
  harness::HttpReply reply = Post("answering");
  CHECK(reply.status == 200);
  CHECK(reply.body.find("Result: hello!") != std::string::npos);
}

TEST_CASE("a response node chooses status, headers and body of the answer") {
  Publish(SharedDeployment().clients(), Chain({WebhookTrigger("shaping", {{"respond", "response"}}),
                                               Node("r", "response",
                                                    {{"template", "made {{data.message}}"},
                                                     {"status", 201},
                                                     {"content_type", "text/plain"},
                                                     {"headers", {{"X-Made-By", "penstock"}}}})}));
  harness::HttpReply reply = Post("shaping");
  CHECK(reply.status == 201);
  CHECK(reply.body == "made hello");
  CHECK(reply.headers["x-made-by"] == "penstock");
  CHECK(reply.headers["content-type"].starts_with("text/plain"));
}

TEST_CASE("every workflow with a matching trigger starts") {
  Clients& clients = SharedDeployment().clients();
  Publish(clients, Chain({WebhookTrigger("shared")}));
  Publish(clients, Chain({WebhookTrigger("shared")}));
  Post("shared");
  CHECK(CountStarted("shared") == 2);
}

TEST_CASE("a paused workflow is not matched") {
  Clients& clients = SharedDeployment().clients();
  std::string id = Publish(clients, Chain({WebhookTrigger("sleeping")}));
  workflow::v1::PauseWorkflowRequest pause;
  pause.set_id(id);
  Must(clients.Call(&WorkflowService::Stub::PauseWorkflow, clients.workflows(), pause));
  CHECK(Post("sleeping").status == 200);
  auto deliveries = Must(Deliveries(clients, "sleeping"));
  REQUIRE(deliveries.deliveries_size() == 1);
  CHECK(deliveries.deliveries(0).outcome() == interfaces::v1::DELIVERY_OUTCOME_UNMATCHED);
}

TEST_CASE("a delivery with an id that was seen starts nothing") {
  Publish(SharedDeployment().clients(),
          Chain({WebhookTrigger("once", {{"dedupe", {{"header", "x-delivery-id"}}}})}));
  for (int i = 0; i < 3; ++i) CHECK(Post("once", {"X-Delivery-Id: d-1"}).status == 200);
  CHECK(Post("once", {"X-Delivery-Id: d-2"}).status == 200);
  CHECK(CountStarted("once") == 2);
}

TEST_CASE("each trigger's own rule says what its workflow has seen") {
  Clients& clients = SharedDeployment().clients();
  Publish(clients, Chain({WebhookTrigger("rules", {{"dedupe", {{"header", "x-delivery-id"}}}})}));
  Publish(clients, Chain({WebhookTrigger("rules", {{"dedupe", {{"header", "x-delivery-id"}}}})}));
  Publish(clients, Chain({WebhookTrigger("rules", {{"dedupe", {{"path", "id"}}}})}));
  auto started = [](const std::string& header, const std::string& id) {
    int before = CountStarted("rules");
    CHECK(Post("rules", {"X-Delivery-Id: " + header}, fmt::format(R"({{"id":"{}"}})", id)).status ==
          200);
    return CountStarted("rules") - before;
  };
  CHECK(started("h-1", "p-1") == 3);
  CHECK(started("h-1", "p-2") == 1);
  CHECK(started("h-2", "p-2") == 2);
  CHECK(started("h-1", "p-1") == 0);
  // The same text by another rule is another id.
  CHECK(started("p-2", "h-1") == 3);
  auto newest = Must(Deliveries(clients, "rules")).deliveries(1);
  CHECK(newest.outcome() == interfaces::v1::DELIVERY_OUTCOME_DUPLICATE);
  CHECK(newest.execution_ids_size() == 2);
}

TEST_CASE("a trigger without a rule starts at each delivery, whatever others have seen") {
  Clients& clients = SharedDeployment().clients();
  Publish(clients, Chain({WebhookTrigger("mixed", {{"dedupe", {{"header", "x-delivery-id"}}}})}));
  Publish(clients, Chain({WebhookTrigger("mixed")}));
  for (int i = 0; i < 3; ++i) CHECK(Post("mixed", {"X-Delivery-Id: d-1"}).status == 200);
  CHECK(CountStarted("mixed") == 4);
}

TEST_CASE("a Standard Webhooks signature lets a delivery in, and nothing else does") {
  std::string secret = CreateSecret("standard");
  REQUIRE(secret.starts_with("whsec_"));
  Publish(SharedDeployment().clients(),
          Chain({WebhookTrigger(
              "standard",
              {{"signature", {{"scheme", "standard_webhooks"}, {"secret", "standard"}}}})}));
  std::string key = *crypto::Base64Decode(secret.substr(6));
  auto sign = [&](absl::Time at, const std::string& body) -> std::vector<std::string> {
    std::string time = fmt::format("{}", absl::ToUnixSeconds(at));
    std::string mac = crypto::HmacSha256(key, fmt::format("msg_1.{}.{}", time, body));
    return {"webhook-id: msg_1", "webhook-timestamp: " + time,
            "webhook-signature: v1,bm90IHRoaXMgb25l v1," + crypto::Base64Encode(mac)};
  };
  absl::Time now = absl::Now();
  CHECK(Post("standard").status == 401);
  CHECK(Post("standard", sign(now, "another body")).status == 401);
  CHECK(Post("standard", sign(now - absl::Hours(1), kBody)).status == 401);
  CHECK(CountStarted("standard") == 0);
  CHECK(Post("standard", sign(now, kBody)).status == 200);
  CHECK(CountStarted("standard") == 1);
}

TEST_CASE("a signing secret is rotated by naming both, and never overwritten") {
  CreateSecret("rotating-1", "the-old-value");
  Clients& clients = SharedDeployment().clients();
  interfaces::v1::CreateSigningSecretRequest again;
  again.set_name("rotating-1");
  again.set_value("another-value");
  CHECK(absl::IsAlreadyExists(
      clients.Call(&WebhookService::Stub::CreateSigningSecret, clients.webhooks(), again)
          .status()));
  CreateSecret("rotating-2", "the-new-value");
  Publish(clients, Chain({WebhookTrigger("rotating", {{"signature",
                                                       {{"scheme", "hmac_sha256"},
                                                        {"secret", {"rotating-2", "rotating-1"}},
                                                        {"header", "X-Signature"}}}})}));
  auto post = [](const std::string& secret) {
    return Post("rotating",
                {"X-Signature: " + crypto::HexEncode(crypto::HmacSha256(secret, kBody))})
        .status;
  };
  CHECK(post("the-old-value") == 200);
  CHECK(post("the-new-value") == 200);
  CHECK(post("another-value") == 401);
  interfaces::v1::DeleteSigningSecretRequest old;
  old.set_name("rotating-1");
  Must(clients.Call(&WebhookService::Stub::DeleteSigningSecret, clients.webhooks(), old));
  CHECK(post("the-old-value") == 401);
  CHECK(post("the-new-value") == 200);
}

TEST_CASE("a generic HMAC signature is checked over the raw bytes") {
  CreateSecret("generic", "the-senders-own-secret");
  Publish(SharedDeployment().clients(),
          Chain({WebhookTrigger("generic", {{"signature",
                                             {{"scheme", "hmac_sha256"},
                                              {"secret", "generic"},
                                              {"header", "X-Hub-Signature-256"},
                                              {"prefix", "sha256="}}}})}));
  std::string spaced = "{ \"message\" :  \"hello\" }";
  std::string mac = crypto::HexEncode(crypto::HmacSha256("the-senders-own-secret", spaced));
  CHECK(Post("generic", {"X-Hub-Signature-256: sha256=" + mac}, kBody).status == 401);
  CHECK(Post("generic", {"X-Hub-Signature-256: " + mac}, spaced).status == 401);
  CHECK(Post("generic", {"X-Hub-Signature-256: sha256=" + mac}, spaced).status == 200);
  CHECK(CountStarted("generic") == 1);
}

TEST_CASE("a redelivery is a new delivery that starts the workflows again") {
  Clients& clients = SharedDeployment().clients();
  Publish(clients, Chain({WebhookTrigger("again")}));
  std::string id = json::parse(Post("again").body)["webhookId"];
  interfaces::v1::RedeliverRequest request;
  request.set_id(id);
  interfaces::v1::Delivery second =
      Must(clients.Call(&WebhookService::Stub::Redeliver, clients.webhooks(), request));
  CHECK(second.id() != id);
  CHECK(second.redelivery_of() == id);
  CHECK(ToJson(second.payload()) == json{{"message", "hello"}});
  CHECK(second.execution_ids_size() == 1);
  CHECK(CountStarted("again") == 2);
}

}  // namespace
}  // namespace penstock::e2e
