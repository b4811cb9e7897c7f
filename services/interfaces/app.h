// interfaces-service, wired by hand: members in the order in which they depend on each other, so
// that destruction shuts down in reverse.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "libs/auth/api_key_authenticator.h"
#include "libs/auth/service_token.h"
#include "libs/auth/token_authenticator.h"
#include "libs/auth/token_keys.h"
#include "libs/clock/clock.h"
#include "libs/grpc/server.h"
#include "libs/grpc/serving.h"
#include "libs/http/router.h"
#include "libs/http/server.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/mail/mailer.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/interfaces/config.h"
#include "services/interfaces/engine_client/delivery_stream.h"
#include "services/interfaces/engine_client/engine_client.h"
#include "services/interfaces/front_door/consent_door.h"
#include "services/interfaces/front_door/hello_door.h"
#include "services/interfaces/front_door/rest_door.h"
#include "services/interfaces/front_door/tenant_directory.h"
#include "services/interfaces/front_door/webhook_door.h"
#include "services/interfaces/identity.h"
#include "services/interfaces/loops/readiness_check.h"
#include "services/interfaces/rpc/webhook_service.h"
#include "services/interfaces/service_interfaces.h"
#include "services/interfaces/tenant_administration.h"

namespace penstock::interfaces {

class App {
 public:
  // Listens when it returns. Database and engine may come later: until then /readyz says what is
  // missing. The clock outlives it.
  static absl::StatusOr<std::unique_ptr<App>> Create(const Config& config, const Clock& clock);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Takes nothing new and lets what is under way finish: HTTP first, because it needs everything
  // behind it.
  void Drain();

  int http_port() const { return http_->port(); }
  int grpc_port() const { return grpc_->port(); }
  int admin_port() const { return admin_->port(); }
  lifecycle::Readiness& readiness() { return readiness_; }
  metrics::Registry& registry() { return registry_; }
  // For operations that write to people; lives as long as this object.
  mail::Mailer& mailer() { return *mailer_; }

 private:
  App(const Config& config, const Clock& clock);
  absl::Status Start();
  void OpenHello();
  absl::Status OpenConsent();
  absl::Status OpenRest();
  void Measure();

  const Config config_;
  const Clock& clock_;
  metrics::Registry registry_;
  lifecycle::Readiness readiness_;
  std::unique_ptr<postgres::Pool> pool_;
  std::unique_ptr<auth::ServiceTokens> tokens_;
  std::unique_ptr<mail::Mailer> mailer_;
  std::unique_ptr<auth::ApiKeyAuthenticator> api_keys_;
  std::unique_ptr<auth::TokenKeyring> token_keys_;
  std::unique_ptr<auth::TokenAuthenticator> access_tokens_;
  std::unique_ptr<auth::BearerAuthenticator> authenticator_;
  std::unique_ptr<EngineClient> engine_;
  std::unique_ptr<TenantDirectory> tenants_;
  std::unique_ptr<DeliveryStream> deliveries_;
  std::unique_ptr<WebhookDoor> door_;
  http::Router router_;
  // For calls of gRPC and for look-ups of the door, so that neither waits behind the other.
  std::unique_ptr<lifecycle::ThreadPool> workers_, lookups_;
  std::unique_ptr<rpc::Serving> serving_;
  std::unique_ptr<WebhookService> webhooks_;
  std::unique_ptr<ServiceInterfaces> service_interfaces_;
  std::unique_ptr<Identity> identity_;
  std::unique_ptr<HelloDoor> hello_;
  std::unique_ptr<ConsentDoor> consent_;
  std::unique_ptr<RestDoor> rest_;
  std::unique_ptr<TenantAdministration> tenant_administration_;
  std::unique_ptr<ReadinessCheck> readiness_check_;
  std::unique_ptr<lifecycle::BackgroundLoop> readiness_loop_, touch_loop_, key_loop_;
  std::unique_ptr<rpc::Server> grpc_;
  std::unique_ptr<http::Server> http_;
  std::unique_ptr<http::Server> admin_;
  std::vector<metrics::Registry::CollectorHandle> collectors_;
};

}  // namespace penstock::interfaces
