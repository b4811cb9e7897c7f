#include "services/interfaces/front_door/webhook_door.h"

#include <optional>
#include <string>
#include <utility>

#include "libs/http/percent.h"
#include "libs/http/problem.h"
#include "libs/log/log.h"
#include "libs/log/rate_limit.h"
#include "services/interfaces/domain/forwarded_fields.h"
#include "services/interfaces/domain/webhook_body.h"
#include "services/interfaces/front_door/webhook_answer.h"

namespace penstock::interfaces {
namespace {

using http::ProblemResponse;
using http::Request;
using http::Responder;

constexpr size_t kMaxClientBytes = 64;  // a slug has up to 63
constexpr size_t kMaxNameBytes = 128;   // of a trigger or action type
constexpr size_t kMaxQueryParameters = 100;

http::Response BadRequest(const Request& request, std::string_view code, std::string detail) {
  return ProblemResponse({.status = 400,
                          .code = code,
                          .detail = std::move(detail),
                          .request_id = std::string(request.request_id)});
}

// Lower case, digits and '-' as in slugs and uuids (those in either case): nothing else can name a
// tenant, so nothing else is looked up.
bool MayBeClient(std::string_view client) {
  if (client.size() > kMaxClientBytes) return false;
  for (unsigned char c : client) {
    if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'F') && !(c >= '0' && c <= '9') && c != '-') {
      return false;
    }
  }
  return true;
}

std::optional<std::string> DecodeName(std::string_view segment) {
  std::optional<std::string> name = http::PercentDecode(segment);
  if (name && (name->empty() || name->size() > kMaxNameBytes)) return std::nullopt;
  return name;
}

}  // namespace

// Decoded; the query is read when the delivery is filled.
struct WebhookDoor::Names {
  std::string trigger_type;
  std::string action_type;
  http::QueryParameters query;
};

WebhookDoor::WebhookDoor(TenantDirectory& tenants, DeliverySender& engine,
                         metrics::Registry& registry, const Clock& clock)
    : tenants_(tenants),
      engine_(engine),
      clock_(clock),
      refused_(registry.Counter("penstock_webhooks_refused_total",
                                "Deliveries refused for their content type, body or names.")),
      unknown_tenants_(registry.Counter("penstock_webhooks_unknown_tenant_total",
                                        "Deliveries acknowledged and dropped.")),
      rate_limited_(registry.Counter("penstock_webhooks_rate_limited_total",
                                     "Deliveries refused for their tenant's rate limit.")),
      not_stored_(registry.Counter("penstock_webhooks_failed_total",
                                   "Deliveries that the engine did not answer.")),
      seconds_(registry.Histogram("penstock_webhook_engine_seconds",
                                  "From handing a delivery to the engine to its reply.",
                                  metrics::LatencyBuckets())) {}

void WebhookDoor::Handle(const Request& request, Responder responder) {
  const BodyKind kind = BodyKindOf(request.FindHeader("content-type"));
  if (kind == BodyKind::kUnsupported) {
    refused_.Increment();
    return responder.Send(ProblemResponse(
        {.status = 415,
         .code = "UNSUPPORTED_MEDIA_TYPE",
         .detail = "Send application/json, application/x-www-form-urlencoded or text/plain.",
         .request_id = std::string(request.request_id)}));
  }
  if (absl::Status body = CheckBody(kind, request.body); !body.ok()) {
    refused_.Increment();
    return responder.Send(http::ProblemOf(WithReason(body, "MALFORMED_BODY"), request.request_id));
  }
  std::optional<std::string> trigger = DecodeName(request.path_parameters[1]);
  std::optional<std::string> action = DecodeName(request.path_parameters[2]);
  std::optional<http::QueryParameters> query = http::ParseQuery(request.query, kMaxQueryParameters);
  if (!trigger || !action || !query) {
    refused_.Increment();
    return responder.Send(BadRequest(
        request, "MALFORMED_URL", "The path or query is not properly encoded UTF-8, or too long."));
  }
  Names names{*std::move(trigger), *std::move(action), *std::move(query)};
  const std::string_view client = request.path_parameters[0];
  if (!MayBeClient(client)) return AcknowledgeUnknown(std::move(responder));
  if (std::optional<TenantDirectory::Answer> tenant = tenants_.Cached(client)) {
    return Resolved(request, names, *std::move(tenant), std::move(responder));
  }
  // The request stays as it is until it is answered; only its routed copy, which was given to us,
  // does not.
  auto kept = std::make_shared<std::tuple<Request, Names, Responder>>(request, std::move(names),
                                                                      std::move(responder));
  tenants_.LookUp(client, [this, kept](const absl::StatusOr<TenantDirectory::Answer>& tenant) {
    auto& [request, names, responder] = *kept;
    Resolved(request, names, tenant, std::move(responder));
  });
}

void WebhookDoor::Resolved(const Request& request, const Names& names,
                           const absl::StatusOr<TenantDirectory::Answer>& tenant,
                           Responder responder) {
  if (!tenant.ok()) {
    static log::RateLimit limit(absl::Seconds(10));
    if (auto skipped = limit.Pass(clock_.Now())) {
      log::Error("tenant look-up failed", {{"status", tenant.status()}, {"skipped", *skipped}});
    }
    not_stored_.Increment();
    return responder.Send(AnswerOf(tenant.status(), request.request_id));
  }
  if (!tenant->has_value()) return AcknowledgeUnknown(std::move(responder));
  const WebhookTenant& known = **tenant;
  if (known.limiter != nullptr) {
    const absl::Duration wait = known.limiter->Admit(clock_.Now());
    if (wait > absl::ZeroDuration()) {
      rate_limited_.Increment();
      return responder.Send(ProblemResponse({.status = 429,
                                             .code = "RATE_LIMITED",
                                             .detail = "Too many deliveries. Send it again later.",
                                             .request_id = std::string(request.request_id),
                                             .retry_after = wait}));
    }
  }
  Forward(request, names, known.id, std::move(responder));
}

void WebhookDoor::AcknowledgeUnknown(Responder responder) {
  unknown_tenants_.Increment();
  responder.Send(Acknowledgement(Uuid::MakeV7(clock_.Now())));
}

void WebhookDoor::Forward(const Request& request, const Names& names, const TenantId& tenant,
                          Responder responder) {
  // Shared because std::function is copied; answered by whoever comes first, the engine's reply or
  // the refusal below.
  struct Waiting {
    Responder responder;
    std::string_view request_id;  // the connection's, until it is answered
    absl::Time since;
  };
  auto waiting = std::make_shared<Waiting>(std::move(responder), request.request_id, clock_.Now());
  auto fill = [&](workflow::v1::Delivery& delivery) {
    delivery.mutable_tenant_id()->assign(tenant.uuid().as_string_view());
    delivery.set_trigger_type(names.trigger_type);
    delivery.set_action_type(names.action_type);
    delivery.mutable_body()->assign(request.body);
    AssignText(*delivery.mutable_content_type(), request.FindHeader("content-type"));
    for (const http::Header& header : request.headers) {
      if (!IsForwarded(header.name)) continue;
      workflow::v1::HeaderField& field = *delivery.add_headers();
      field.mutable_name()->assign(header.name);
      AssignText(*field.mutable_value(), header.value);
    }
    for (const auto& [name, value] : names.query) {
      workflow::v1::HeaderField& field = *delivery.add_query();
      field.set_name(name);
      field.set_value(value);
    }
  };
  auto replied = [this, waiting](absl::StatusOr<workflow::v1::DeliveryReply*> reply) {
    seconds_.Observe(absl::ToDoubleSeconds(clock_.Now() - waiting->since));
    if (!reply.ok()) not_stored_.Increment();
    waiting->responder.Send(reply.ok() ? AnswerOf(**reply, waiting->request_id)
                                       : AnswerOf(reply.status(), waiting->request_id));
  };
  absl::Status taken = engine_.Deliver(fill, std::move(replied));
  if (taken.ok()) return;
  not_stored_.Increment();
  waiting->responder.Send(AnswerOf(taken, waiting->request_id));
}

}  // namespace penstock::interfaces
