// Grants and what keeps their tokens fresh: wired.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/impl/service_type.h"
#include "libs/clock/clock.h"
#include "libs/grpc/serving.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/connector/credentials/credential_store.h"
#include "services/connector/oauth/refreshed_tokens.h"
#include "services/connector/oauth/token_spool.h"
#include "services/connector/outbound/http_sender.h"
#include "services/connector/rpc/grant_service.h"

namespace penstock::connector {

class Grants {
 public:
  struct Parts {
    postgres::Pool& pool;
    CredentialStore& credentials;
    HttpSender& sender;
    metrics::Registry& registry;
    const Clock& clock;
  };
  // All parts outlive it. `holder` names this process in leases.
  Grants(Parts parts, TokenSpool spool, AuthorizationOptions options, std::string holder,
         std::function<double()> random);

  GrantTokens& tokens() { return tokens_; }
  // To be served by `serving`, which outlives the service.
  grpc::Service* MakeService(rpc::Serving& serving);
  void Start();
  void Stop();

 private:
  RefreshMeasures measures_;
  TokenSpool spool_;
  const RefreshParts refresh_parts_;
  Refresher refresher_;
  RefreshedTokens tokens_;
  Authorizer authorizer_;
  DeviceAuthorizer devices_;
  Revoker revoker_;
  const GrantContext context_;
  std::unique_ptr<GrantService> service_;
  lifecycle::BackgroundLoop refresh_loop_, device_loop_, spool_loop_;
};

}  // namespace penstock::connector
