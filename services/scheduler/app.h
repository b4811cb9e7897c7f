// scheduler, wired by hand: members in the order in which they depend on each other, so that
// destruction shuts down in reverse.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/api_key_authenticator.h"
#include "libs/auth/service_token.h"
#include "libs/auth/token_authenticator.h"
#include "libs/auth/token_keys.h"
#include "libs/clock/clock.h"
#include "libs/grpc/server.h"
#include "libs/grpc/serving.h"
#include "libs/http/server.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/scheduler/config.h"
#include "services/scheduler/engine_client/engine_client.h"
#include "services/scheduler/loops/firing_loop.h"
#include "services/scheduler/loops/readiness_check.h"
#include "services/scheduler/ops/retention.h"
#include "services/scheduler/rpc/schedule_service.h"

namespace penstock::scheduler {

class App {
 public:
  // Listens when it returns. Database and engine may come later: until then /readyz says what is
  // missing. The clock outlives it.
  static absl::StatusOr<std::unique_ptr<App>> Create(const Config& config, const Clock& clock);
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
  App(const Config& config, const Clock& clock);
  absl::Status Start();
  void StartLoops();
  absl::Status DropOldRuns();

  const Config config_;
  const Clock& clock_;
  metrics::Registry registry_;
  lifecycle::Readiness readiness_;
  std::unique_ptr<postgres::Pool> pool_;
  std::unique_ptr<auth::ServiceTokens> tokens_;
  std::unique_ptr<auth::ApiKeyAuthenticator> api_keys_;
  std::unique_ptr<auth::TokenKeyring> token_keys_;
  std::unique_ptr<auth::TokenAuthenticator> access_tokens_;
  std::unique_ptr<auth::BearerAuthenticator> authenticator_;
  std::unique_ptr<EngineClient> engine_;
  std::unique_ptr<FiringLoop> firing_;
  std::unique_ptr<RunRetention> retention_;
  std::unique_ptr<ScheduleContext> context_;
  std::unique_ptr<lifecycle::ThreadPool> workers_;
  std::unique_ptr<rpc::Serving> serving_;
  std::unique_ptr<ScheduleService> schedules_;
  std::unique_ptr<ReadinessCheck> readiness_check_;
  std::vector<std::unique_ptr<lifecycle::BackgroundLoop>> loops_;
  std::unique_ptr<rpc::Server> grpc_;
  std::unique_ptr<http::Server> admin_;
  std::vector<metrics::Registry::CollectorHandle> collectors_;
};

}  // namespace penstock::scheduler
