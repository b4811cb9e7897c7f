// Sends one request and waits for its answer. What the caller of third parties is tested through.
#pragma once

#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "libs/lifecycle/cancellation.h"

namespace penstock::connector {

class HttpSender {
 public:
  virtual ~HttpSender() = default;
  // TIMEOUT once `deadline` has passed, CANCELLED when `cancellation` (null = never) says so before.
  virtual egress::HttpResult Send(egress::HttpRequest request, absl::Time deadline,
                                  lifecycle::Cancellation* cancellation) = 0;
};

}  // namespace penstock::connector
