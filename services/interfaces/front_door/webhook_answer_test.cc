#include "services/interfaces/front_door/webhook_answer.h"

#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "libs/status/details.h"
#include "services/interfaces/engine_client/delivery_sender.h"

namespace penstock::interfaces {
namespace {

using workflow::v1::DeliveryReply;

bool Has(const http::Response& response, std::string_view text) {
  INFO(response.body);
  return response.body.find(text) != std::string::npos;
}

TEST_CASE("a plain reply is the acknowledgement with the receipt's id") {
  const Uuid id = Uuid::MakeV7(absl::Now());
  DeliveryReply reply;
  reply.set_http_status(200);
  reply.set_webhook_id(std::string(id.as_string_view()));
  const http::Response response = AnswerOf(reply, "r");
  CHECK(response.status == 200);
  CHECK(response.body == "{\"status\":\"received\",\"webhookId\":\"" + id.ToString() + "\"}");
}

TEST_CASE("what a workflow answers is rendered as it is") {
  DeliveryReply reply;
  reply.set_http_status(201);
  reply.set_body("made");
  reply.set_content_type("text/plain");
  auto* header = reply.add_headers();
  header->set_name("Location");
  header->set_value("/x");
  const http::Response response = AnswerOf(reply, "r");
  CHECK(response.status == 201);
  CHECK(response.body == "made");
  CHECK(response.content_type == "text/plain");
  CHECK(response.headers.front().second == "/x");
}

TEST_CASE("a workflow may answer with an empty body and with an error of its own") {
  DeliveryReply empty;
  empty.set_http_status(204);
  CHECK(AnswerOf(empty, "r").status == 204);
  CHECK(AnswerOf(empty, "r").body.empty());
  DeliveryReply failed;
  failed.set_http_status(500);
  failed.set_body("{\"title\":\"The workflow ended as FAILED\"}");
  failed.set_content_type("application/problem+json");
  CHECK(AnswerOf(failed, "r").status == 500);
}

TEST_CASE(
    "a refusal is a problem with the engine's reason, a failure tells nothing of its inside") {
  DeliveryReply refused;
  refused.set_http_status(401);
  refused.set_error_reason("BAD_SIGNATURE");
  refused.set_error_message("the signature \"x\" is wrong");
  const http::Response response = AnswerOf(refused, "r-7");
  CHECK(response.status == 401);
  CHECK(Has(response, "\"code\":\"BAD_SIGNATURE\""));
  CHECK(Has(response, "\\\"x\\\""));
  CHECK(Has(response, "\"requestId\":\"r-7\""));

  DeliveryReply failed;
  failed.set_http_status(500);
  failed.set_error_message("connection to 10.0.0.7 refused");
  CHECK(AnswerOf(failed, "r").status == 500);
  CHECK(Has(AnswerOf(failed, "r"), "NOT_STORED"));
  CHECK(!Has(AnswerOf(failed, "r"), "10.0.0.7"));
}

TEST_CASE("overload says when to come back") {
  DeliveryReply busy;
  busy.set_http_status(429);
  busy.set_error_reason("OVERLOADED");
  busy.set_retry_after_seconds(2.5);
  CHECK(AnswerOf(busy, "r").headers ==
        std::vector<std::pair<std::string, std::string>>{{"Retry-After", "3"}});
  const http::Response refused = AnswerOf(absl::ResourceExhaustedError("full"), "r");
  CHECK(refused.status == 429);
  CHECK(refused.headers.front() == std::pair<std::string, std::string>("Retry-After", "1"));
}

TEST_CASE("without a reply the sender is told whether the delivery may have been stored") {
  CHECK(Has(AnswerOf(WithReason(absl::UnavailableError("x"), kNotStored), "r"), kNotStored));
  const http::Response unknown =
      AnswerOf(WithReason(absl::UnknownError("x"), kOutcomeUnknown), "r");
  CHECK(unknown.status == 500);
  CHECK(Has(unknown, kOutcomeUnknown));
  CHECK(AnswerOf(absl::DeadlineExceededError("x"), "r").status == 504);
  CHECK(AnswerOf(absl::UnavailableError("database 10.0.0.7 is away"), "r").status == 500);
  CHECK(!Has(AnswerOf(absl::UnavailableError("database 10.0.0.7 is away"), "r"), "10.0.0.7"));
}

}  // namespace
}  // namespace penstock::interfaces
