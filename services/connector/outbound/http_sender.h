// Sends one request and waits for its answer. What the caller of third parties is tested through.
#pragma once

#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "libs/lifecycle/cancellation.h"

namespace penstock::connector {

class HttpSender {
 public:
  virtual ~HttpSender() = default;
  // TIMEOUT once `deadline` has passed; before it CANCELLED when `cancellation` says so (null =
  // never).
  virtual egress::HttpResult Send(egress::HttpRequest request, absl::Time deadline,
                                  lifecycle::Cancellation* cancellation) = 0;
};

}  // namespace penstock::connector
