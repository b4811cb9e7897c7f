// The egress client for threads that may block: waits for the answer, and takes the request back
// when the time is over or nobody waits for it any more.
#pragma once

#include "libs/clock/clock.h"
#include "libs/egress/client.h"
#include "services/connector/outbound/http_sender.h"

namespace penstock::connector {

class BlockingClient final : public HttpSender {
 public:
  BlockingClient(egress::HttpClient& http, const Clock& clock) : http_(http), clock_(clock) {}

  // Not from a callback of the egress client.
  egress::HttpResult Send(egress::HttpRequest request, absl::Time deadline,
                          lifecycle::Cancellation* cancellation) override;

 private:
  egress::HttpClient& http_;
  const Clock& clock_;
};

}  // namespace penstock::connector
