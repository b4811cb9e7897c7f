// connector-service, wired by hand: members in the order in which they depend on each other, so
// that destruction shuts down in reverse.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/api_key_authenticator.h"
#include "libs/auth/service_token.h"
#include "libs/auth/token_authenticator.h"
#include "libs/auth/token_keys.h"
#include "libs/clock/clock.h"
#include "libs/egress/client.h"
#include "libs/grpc/server.h"
#include "libs/grpc/serving.h"
#include "libs/http/server.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/connector/config.h"
#include "services/connector/credentials/credential_store.h"
#include "services/connector/grants.h"
#include "services/connector/key_administration.h"
#include "services/connector/keys/root_keyring.h"
#include "services/connector/keys/tenant_keys.h"
#include "services/connector/loops/readiness_check.h"
#include "services/connector/ops/api_specs.h"
#include "services/connector/ops/connector_calls.h"
#include "services/connector/outbound/blocking_client.h"
#include "services/connector/outbound/shared_rate_gate.h"
#include "services/connector/project_connectors.h"
#include "services/connector/rpc/connector_service.h"
#include "services/connector/rpc/provider_service.h"
#include "services/connector/rpc/step_service.h"

namespace penstock::connector {

class App {
 public:
  // Listens when it returns. The database may come later: until then /readyz says what is missing.
  // FAILED_PRECONDITION when the root keys are not this database's. The clock outlives it.
  static absl::StatusOr<std::unique_ptr<App>> Create(Config config, const Clock& clock);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Takes nothing new and lets what is under way finish.
  void Drain();

  int grpc_port() const { return grpc_->port(); }
  int admin_port() const { return admin_->port(); }
  lifecycle::Readiness& readiness() { return readiness_; }
  metrics::Registry& registry() { return registry_; }

 private:
  App(Config config, const Clock& clock);
  absl::Status Start();
  absl::Status OpenIdentity();
  absl::Status OpenCredentials();
  absl::Status OpenCalling();
  void StartLoops();

  Config config_;
  const Clock& clock_;
  metrics::Registry registry_;
  lifecycle::Readiness readiness_;
  std::unique_ptr<postgres::Pool> pool_;

  std::unique_ptr<auth::ServiceTokens> tokens_;
  std::unique_ptr<auth::ApiKeyAuthenticator> api_keys_;
  std::unique_ptr<auth::TokenKeyring> token_keys_;
  std::unique_ptr<auth::TokenAuthenticator> access_tokens_;
  std::unique_ptr<auth::BearerAuthenticator> authenticator_;

  bool has_vault_ = false;
  std::unique_ptr<TenantKeys> tenant_keys_;
  std::unique_ptr<UseRecorder> uses_;
  std::unique_ptr<CredentialStore> credentials_;

  std::optional<AuthStrategies> strategies_;
  std::optional<Catalogue> catalogue_;
  std::optional<ProviderContext> providers_;
  std::optional<ConnectorContext> connectors_;
  std::unique_ptr<KnownConnectors> known_;
  std::unique_ptr<KnownWorkflows> workflows_;
  std::unique_ptr<CallHealth> health_;
  std::unique_ptr<egress::HttpClient> http_;
  std::unique_ptr<BlockingClient> sender_;
  std::unique_ptr<SharedRateGate> rate_gate_;
  std::unique_ptr<CallMetrics> call_metrics_;
  std::unique_ptr<Caller> caller_;
  std::unique_ptr<Grants> grants_;
  std::optional<CallingContext> calling_;
  ApiSpecs specs_;

  std::unique_ptr<lifecycle::ThreadPool> workers_;
  std::unique_ptr<rpc::Serving> serving_;
  std::unique_ptr<ConnectorService> connector_service_;
  std::unique_ptr<ProviderService> provider_service_;
  std::unique_ptr<ProjectConnectors> project_connectors_;
  std::unique_ptr<StepService> step_service_;
  std::unique_ptr<KeyAdministration> key_administration_;
  std::unique_ptr<ReadinessCheck> readiness_check_;
  std::vector<std::unique_ptr<lifecycle::BackgroundLoop>> loops_;
  std::unique_ptr<rpc::Server> grpc_;
  std::unique_ptr<http::Server> admin_;
  std::vector<metrics::Registry::CollectorHandle> collectors_;
};

}  // namespace penstock::connector
