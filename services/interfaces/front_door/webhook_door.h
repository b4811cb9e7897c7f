// POST /webhooks/{clientId}/{triggerType}/{actionType}: from a request to a delivery, from the
// engine's reply to a response.
//
//   body kind ─► body ─► names ─► tenant ─► rate ─► engine ─► answer
//      415        400     400      │         429      │
//                                  │                  ├ reply: its status, body and headers, or the
//                                  acknowledgement │                  ├ too many waiting: 429 │ ├
//                                  no answer in time: 504 │                  └ not stored, or not
//                                  known to be: 500 └ unknown: the acknowledgement of a delivery
//                                  that nobody keeps, so that names can't be probed
#pragma once

#include "libs/clock/clock.h"
#include "libs/http/responder.h"
#include "libs/metrics/metrics.h"
#include "services/interfaces/engine_client/delivery_sender.h"
#include "services/interfaces/front_door/tenant_directory.h"

namespace penstock::interfaces {

class WebhookDoor {
 public:
  // All outlive the door, and so does the HTTP server's last request.
  WebhookDoor(TenantDirectory& tenants, DeliverySender& engine, metrics::Registry& registry,
              const Clock& clock);

  // An http::Handler; the path's parameters are the three names.
  void Handle(const http::Request& request, http::Responder responder);

 private:
  struct Names;

  void Resolved(const http::Request& request, const Names& names,
                const absl::StatusOr<TenantDirectory::Answer>& tenant, http::Responder responder);
  void Forward(const http::Request& request, const Names& names, const TenantId& tenant,
               http::Responder responder);
  void AcknowledgeUnknown(http::Responder responder);

  TenantDirectory& tenants_;
  DeliverySender& engine_;
  const Clock& clock_;
  metrics::Counter refused_, unknown_tenants_, rate_limited_, not_stored_;
  metrics::Histogram seconds_;
};

}  // namespace penstock::interfaces
