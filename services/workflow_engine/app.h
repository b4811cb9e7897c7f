// workflow-engine, wired by hand: members in the order in which they depend on each other, so that destruction shuts down in reverse.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/api_key_authenticator.h"
#include "libs/auth/service_token.h"
#include "libs/auth/token_authenticator.h"
#include "libs/auth/token_keys.h"
#include "libs/clock/clock.h"
#include "libs/crypto/sealer.h"
#include "libs/egress/client.h"
#include "libs/grpc/server.h"
#include "libs/grpc/serving.h"
#include "libs/http/server.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/lifecycle/delayed_tasks.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/config.h"
#include "services/workflow_engine/engine/commit_signal.h"
#include "services/workflow_engine/engine/database_clock.h"
#include "services/workflow_engine/engine/definitions.h"
#include "services/workflow_engine/engine/lease_keeper.h"
#include "services/workflow_engine/engine/loader.h"
#include "services/workflow_engine/engine/shard_group.h"
#include "services/workflow_engine/ingress/forwarder.h"
#include "services/workflow_engine/ingress/ingress.h"
#include "services/workflow_engine/ingress/routes.h"
#include "services/workflow_engine/ingress/starter.h"
#include "services/workflow_engine/loops/auditor.h"
#include "services/workflow_engine/loops/foreign_commits.h"
#include "services/workflow_engine/nodes/registry.h"
#include "services/workflow_engine/ops/start_execution.h"
#include "services/workflow_engine/steps/service_steps.h"

namespace penstock::workflow_engine {

class App {
 public:
  // Starts everything; serves at once and becomes ready when it owns shards. Waits for a database that is not there yet; refuses one whose
  // schema is older than this binary.
  static absl::StatusOr<std::unique_ptr<App>> Create(const Config& config);
  ~App();

  // Takes no new work, finishes calls under way, gives the shards back.
  void Drain();

  int grpc_port() const { return server_->port(); }
  int admin_port() const { return admin_->port(); }
  Auditor& auditor() { return *auditor_; }
  sandbox::Pool& sandbox() { return *sandbox_; }

 private:
  struct Services;  // the gRPC classes

  explicit App(const Config& config);
  absl::Status Start();
  absl::Status StartIdentity();
  absl::Status StartEngine();
  absl::Status StartServing();
  void CancelForPlatform(TenantId tenant, ExecutionId id, std::function<void(const absl::Status&)> done);

  const Config config_;
  RealClock real_clock_;
  DatabaseClock clock_;
  metrics::Registry registry_;
  lifecycle::Readiness readiness_;
  std::unique_ptr<postgres::Pool> server_pool_;
  std::unique_ptr<postgres::Pool> engine_pool_;
  std::unique_ptr<auth::ServiceTokens> service_tokens_;
  std::unique_ptr<auth::ApiKeyAuthenticator> api_keys_;
  std::unique_ptr<auth::TokenKeyring> token_keys_;
  std::unique_ptr<auth::TokenAuthenticator> access_tokens_;
  std::unique_ptr<auth::BearerAuthenticator> authenticator_;
  std::unique_ptr<crypto::Sealer> sealer_;
  std::unique_ptr<sandbox::Pool> sandbox_;
  std::unique_ptr<egress::HttpClient> egress_;
  std::unique_ptr<ServiceSteps> steps_;
  NodeTypes node_types_;
  NodeTypes platform_node_types_;
  std::unique_ptr<Definitions> definitions_;
  std::unique_ptr<Routes> routes_;
  ShardMap shards_;
  CommitSignal committed_;
  GroupMetrics group_metrics_;
  // Blocking work of calls; loads have threads of their own, since calls wait for them.
  std::unique_ptr<lifecycle::ThreadPool> loaders_;
  std::unique_ptr<lifecycle::ThreadPool> workers_;
  std::unique_ptr<Loader> loader_;
  std::unique_ptr<LeaseKeeper> leases_;
  std::vector<std::unique_ptr<ShardGroup>> groups_;
  std::unique_ptr<lifecycle::DelayedTasks> delays_;
  std::unique_ptr<Starter> starter_;
  std::unique_ptr<Forwarder> forwarder_;
  std::unique_ptr<Ingress> ingress_;
  std::unique_ptr<StartExecution> start_execution_;
  std::unique_ptr<Auditor> auditor_;
  std::unique_ptr<lifecycle::BackgroundLoop> partitions_;
  std::unique_ptr<lifecycle::BackgroundLoop> last_used_;
  std::unique_ptr<lifecycle::BackgroundLoop> token_key_loop_;
  std::unique_ptr<lifecycle::BackgroundLoop> database_watch_;
  std::unique_ptr<ForeignCommits> foreign_commits_;
  std::unique_ptr<lifecycle::BackgroundLoop> foreign_commits_loop_;
  std::unique_ptr<rpc::Serving> serving_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<rpc::Server> server_;
  metrics::Registry::CollectorHandle process_metrics_;
  metrics::Registry::CollectorHandle engine_metrics_;
  std::unique_ptr<http::Server> admin_;
  bool drained_ = false;
};

}  // namespace penstock::workflow_engine
