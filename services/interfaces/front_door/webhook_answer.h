// What the sender of a webhook is told.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "libs/http/message.h"
#include "libs/ids/uuid.h"
#include "penstock/workflow/v1/ingress.pb.h"

namespace penstock::interfaces {

// {"status":"received","webhookId":"..."}
http::Response Acknowledgement(const Uuid& webhook_id);

// Of what the engine replied; takes its body.
http::Response AnswerOf(workflow::v1::DeliveryReply& reply, std::string_view request_id);

// Of a delivery without a reply. Never says more than the sender needs: which engine, which
// database is no business of his.
http::Response AnswerOf(const absl::Status& status, std::string_view request_id);

}  // namespace penstock::interfaces
