#include "services/interfaces/front_door/webhook_answer.h"

#include <string>

#include "libs/http/problem.h"
#include "libs/status/details.h"
#include "services/interfaces/engine_client/delivery_sender.h"

namespace penstock::interfaces {
namespace {

using http::Problem;
using http::ProblemResponse;
using http::Response;

Response RefusalOf(const workflow::v1::DeliveryReply& reply, std::string_view request_id) {
  return ProblemResponse(
      {.status = reply.http_status(),
       .code = reply.error_reason().empty() ? "REFUSED" : std::string_view(reply.error_reason()),
       .detail = reply.error_message(),
       .request_id = std::string(request_id),
       .retry_after = absl::Seconds(reply.retry_after_seconds())});
}

// The engine's message about a failure of its own is for its log, not for strangers.
Response FailureOf(std::string_view reason, std::string_view request_id) {
  const bool unknown = reason == kOutcomeUnknown;
  return ProblemResponse({.status = 500,
                          .code = unknown ? kOutcomeUnknown : kNotStored,
                          .detail = unknown ? "It is not known whether the delivery was stored. "
                                              "Send it again."
                                            : "The delivery was not stored. Send it again.",
                          .request_id = std::string(request_id)});
}

bool IsRefusal(const workflow::v1::DeliveryReply& reply) {
  return !reply.error_reason().empty() || !reply.error_message().empty();
}

}  // namespace

Response Acknowledgement(const Uuid& webhook_id) {
  Response response;
  response.body.reserve(80);
  response.body.append(R"({"status":"received","webhookId":")")
      .append(webhook_id.ToString())
      .append("\"}");
  return response;
}

Response AnswerOf(workflow::v1::DeliveryReply& reply, std::string_view request_id) {
  const int status = reply.http_status() == 0 ? 200 : reply.http_status();
  if (IsRefusal(reply)) {
    return status >= 500 ? FailureOf(reply.error_reason(), request_id)
                         : RefusalOf(reply, request_id);
  }
  Response response;
  if (reply.body().empty() && reply.content_type().empty() && status == 200) {
    response = Acknowledgement(Uuid::FromBytes(reply.webhook_id()).value_or(Uuid()));
  } else {
    response.status = status >= 200 && status <= 599 ? status : 200;
    response.body = std::move(*reply.mutable_body());
    response.content_type = std::move(*reply.mutable_content_type());
  }
  for (auto& header : *reply.mutable_headers()) {
    response.headers.emplace_back(std::move(*header.mutable_name()),
                                  std::move(*header.mutable_value()));
  }
  return response;
}

Response AnswerOf(const absl::Status& status, std::string_view request_id) {
  switch (status.code()) {
    case absl::StatusCode::kResourceExhausted:
      return ProblemResponse({.status = 429,
                              .code = "OVERLOADED",
                              .detail = "Too many deliveries are waiting. Send it again later.",
                              .request_id = std::string(request_id),
                              .retry_after = std::max(RetryAfterOf(status), absl::Seconds(1))});
    case absl::StatusCode::kDeadlineExceeded:
      return ProblemResponse({.status = 504,
                              .code = kOutcomeUnknown,
                              .detail = "No answer came in time. The delivery may have been "
                                        "stored.",
                              .request_id = std::string(request_id)});
    default:
      return FailureOf(ReasonOf(status), request_id);
  }
}

}  // namespace penstock::interfaces
