// Sends one request to a provider and waits. Nothing is sent twice here.
#pragma once

#include "libs/egress/client.h"
#include "libs/egress/http.h"

namespace penstock::connector {

class TokenSender {
 public:
  virtual ~TokenSender() = default;
  // Blocks for the request's timeout at most.
  virtual egress::HttpResult Send(egress::HttpRequest request) = 0;
};

class EgressTokenSender final : public TokenSender {
 public:
  // `client` outlives this.
  explicit EgressTokenSender(egress::HttpClient& client) : client_(client) {}
  egress::HttpResult Send(egress::HttpRequest request) override;

 private:
  egress::HttpClient& client_;
};

}  // namespace penstock::connector
