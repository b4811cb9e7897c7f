#include "services/workflow_engine/app.h"

#include <utility>

#include "libs/auth/api_key_store.h"
#include "libs/http/admin.h"
#include "libs/log/log.h"
#include "libs/metrics/process.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/migrate/migrate.h"
#include "services/workflow_engine/nodes/builtin.h"
#include "services/workflow_engine/rpc/event_service.h"
#include "services/workflow_engine/rpc/execution_service.h"
#include "services/workflow_engine/rpc/ingress_service.h"
#include "services/workflow_engine/rpc/start_request.h"
#include "services/workflow_engine/rpc/step_service.h"
#include "services/workflow_engine/rpc/workflow_service.h"
#include "services/workflow_engine/storage/audit_queries.h"

namespace penstock::workflow_engine {
namespace {

constexpr int kPartitionsAhead = 2;  // months
constexpr char kDatabase[] = "database";
constexpr absl::Duration kCancelDeadline = absl::Seconds(20);

absl::Status Verify(postgres::Pool& pool) {
  RETURN_IF_ERROR(pool.CheckWritable());
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool.Acquire());
  return migrate::VerifySchemaVersion(*connection);
}

}  // namespace

struct App::Services {
  WorkflowService workflows;
  ExecutionService executions;
  EventService events;
  IngressService ingress;
  StepService steps;
};

App::App(const Config& config)
    : config_(config),
      clock_(real_clock_),
      readiness_({kDatabase, "shards"}),
      node_types_(BuiltinNodeTypes()),
      platform_node_types_(PlatformNodeTypes()),
      group_metrics_(registry_) {}

App::~App() {
  Drain();
  // Groups and what works for them point at each other: first nobody asks any more, then nobody answers.
  for (auto& group : groups_) group->Stop();
  sandbox_.reset();
  egress_.reset();
  steps_.reset();
  if (loaders_) loaders_->Stop();
  if (workers_) workers_->Stop();
}

absl::StatusOr<std::unique_ptr<App>> App::Create(const Config& config) {
  std::unique_ptr<App> app(new App(config));
  RETURN_IF_ERROR(app->Start());
  return app;
}

absl::Status App::Start() {
  ASSIGN_OR_RETURN(server_pool_, postgres::Pool::Create(config_.server_pool));
  ASSIGN_OR_RETURN(engine_pool_, postgres::Pool::Create(config_.engine_pool));
  absl::Status verified = Verify(*server_pool_);
  // A database that is away may come; one that is too old will not change under us.
  if (absl::IsFailedPrecondition(verified)) return verified;
  readiness_.Set(kDatabase, verified);
  RETURN_IF_ERROR(StartIdentity());
  RETURN_IF_ERROR(StartEngine());
  return StartServing();
}

absl::Status App::StartIdentity() {
  ASSIGN_OR_RETURN(service_tokens_, auth::ServiceTokens::Create(crypto::Secret(config_.service_key->Reveal()), "workflow-engine", real_clock_));
  ASSIGN_OR_RETURN(crypto::Sealer sealer, config_.root_key_file.empty() ? crypto::Sealer::FromText(*config_.root_key)
                                                                        : crypto::Sealer::FromFile(config_.root_key_file));
  sealer_ = std::make_unique<crypto::Sealer>(std::move(sealer));
  api_keys_ = std::make_unique<auth::ApiKeyAuthenticator>(auth::FindApiKeyIn(*server_pool_), real_clock_);
  ASSIGN_OR_RETURN(token_keys_, auth::TokenKeyring::Open(config_.token_key_dir));
  access_tokens_ = std::make_unique<auth::TokenAuthenticator>(*token_keys_, config_.token_issuer, real_clock_);
  authenticator_ = std::make_unique<auth::BearerAuthenticator>(
      std::vector<const auth::Authenticator*>{service_tokens_.get(), api_keys_.get(), access_tokens_.get()});
  token_key_loop_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "token-keys", .period = absl::Seconds(30)}, [this] { return token_keys_->Reload(); },
      real_clock_, &registry_);
  last_used_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "last_used", .period = absl::Seconds(10), .run_at_start = false},
      [this] { return auth::TouchLastUsed(*api_keys_, *server_pool_); }, real_clock_, &registry_);
  return absl::OkStatus();
}

absl::Status App::StartEngine() {
  ASSIGN_OR_RETURN(sandbox_, sandbox::Pool::Create(config_.sandbox));
  ASSIGN_OR_RETURN(egress::Guard guard, egress::Guard::Create(config_.egress_allow, config_.egress_plain_http ? egress::PlainHttp::kAllowed
                                                                                                              : egress::PlainHttp::kRefused));
  ASSIGN_OR_RETURN(egress_, egress::HttpClient::Create(std::move(guard), real_clock_));
  ASSIGN_OR_RETURN(steps_, ServiceSteps::Create({{"connector-service", config_.connectors}, {"interfaces-service", config_.interfaces}, {"workflow-engine", config_.self}}, *service_tokens_, real_clock_));
  definitions_ = std::make_unique<Definitions>(*server_pool_, node_types_, platform_node_types_, config_.cached_definitions);
  routes_ = std::make_unique<Routes>(*server_pool_, *engine_pool_, *sealer_, clock_, registry_);
  loaders_ = std::make_unique<lifecycle::ThreadPool>(
      lifecycle::ThreadPool::Options{.name = "loader", .threads = 2, .max_queued = config_.group.max_live_executions});
  workers_ = std::make_unique<lifecycle::ThreadPool>(
      lifecycle::ThreadPool::Options{.name = "worker", .threads = config_.workers, .max_queued = 10'000});
  loader_ = std::make_unique<Loader>(*engine_pool_, *definitions_, *loaders_);
  LeaseKeeper::Options leases = config_.leases;
  if (leases.address.empty()) leases.address = config_.grpc.address;
  leases_ = std::make_unique<LeaseKeeper>(leases, *engine_pool_, *loader_, shards_, clock_, readiness_, registry_);
  std::vector<ShardGroup*> groups;
  for (int g = 0; g < config_.groups; ++g) {
    groups_.push_back(std::make_unique<ShardGroup>(
        config_.group, ShardGroup::Dependencies{.clock = clock_,
                                                .sandbox = *sandbox_,
                                                .egress = *egress_,
                                                .steps = *steps_,
                                                .loader = *loader_,
                                                .shards = shards_,
                                                .committed = committed_,
                                                .metrics = group_metrics_,
                                                .lost = [this](const Uuid& boot_id, const absl::Status& why) { leases_->OnLost(boot_id, why); }}));
    groups.push_back(groups_.back().get());
  }
  delays_ = std::make_unique<lifecycle::DelayedTasks>("delays");
  starter_ = std::make_unique<Starter>(clock_, shards_, *loader_, *loaders_, groups);
  forwarder_ = std::make_unique<Forwarder>(*leases_, *service_tokens_, config_.self, real_clock_, delays_->AsLater());
  ingress_ = std::make_unique<Ingress>(Ingress::Dependencies{clock_, *routes_, *definitions_, *starter_, *forwarder_, *workers_});
  start_execution_ = std::make_unique<StartExecution>(clock_, *server_pool_, *routes_, *definitions_, *starter_, *forwarder_, *workers_);
  auditor_ = std::make_unique<Auditor>(Auditor::Options(), *engine_pool_, shards_, groups, clock_, registry_);
  partitions_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "partitions", .period = absl::Hours(6)},
      [this]() -> absl::Status {
        ASSIGN_OR_RETURN(postgres::Pool::Handle connection, engine_pool_->Acquire());
        return connection->Execute(queries::kEnsurePartitions, std::move(postgres::Params().Add(int32_t{kPartitionsAhead}))).status();
      },
      real_clock_, &registry_);
  database_watch_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "database", .period = absl::Seconds(5), .max_backoff = absl::Seconds(1)},
      [this] {
        absl::Status status = Verify(*server_pool_);
        readiness_.Set(kDatabase, status);
        return status;
      },
      real_clock_, &registry_);
  engine_metrics_ = registry_.AddCollector([live = registry_.Gauge("penstock_engine_live_executions", "Executions in memory"),
                                            evaluations = registry_.Gauge("penstock_sandbox_evaluations", "Evaluations since start"),
                                            kills = registry_.Gauge("penstock_sandbox_kills", "Sandbox processes killed since start"),
                                            processes = registry_.Gauge("penstock_sandbox_processes", "Sandbox processes running"),
                                            queued = registry_.Gauge("penstock_sandbox_queued", "Evaluations waiting"), this]() mutable {
    size_t total = 0;
    for (const auto& group : groups_) total += group->live();
    live.Set(static_cast<double>(total));
    sandbox::PoolStats stats = sandbox_->stats();
    evaluations.Set(static_cast<double>(stats.evaluations));
    kills.Set(static_cast<double>(stats.kills));
    processes.Set(stats.processes);
    queued.Set(static_cast<double>(stats.queued));
  });
  foreign_commits_ = std::make_unique<ForeignCommits>(*server_pool_, committed_);
  foreign_commits_loop_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "foreign_commits", .period = ForeignCommits::kPeriod, .run_at_start = false},
      [this] { return foreign_commits_->Look(); }, real_clock_, &registry_);
  foreign_commits_loop_->Start();
  routes_->Start();
  auditor_->Start();
  partitions_->Start();
  database_watch_->Start();
  last_used_->Start();
  token_key_loop_->Start();
  return absl::OkStatus();
}

absl::Status App::StartServing() {
  serving_ = std::make_unique<rpc::Serving>(*authenticator_, auth::PenstockRoles(), *workers_, registry_, real_clock_);
  auto routes_changed = [this](TenantId tenant) {
    routes_->Invalidate(tenant);
    forwarder_->InvalidateRoutes(tenant);
  };
  auto cancel = [this](TenantId tenant, ExecutionId id, std::function<void(const absl::Status&)> done) {
    CancelForPlatform(tenant, id, std::move(done));
  };
  services_.reset(new Services{
      .workflows = WorkflowService({*serving_, *server_pool_, node_types_, *sandbox_, real_clock_, routes_changed}),
      .executions = ExecutionService({*serving_, *server_pool_, *definitions_, *start_execution_, *starter_, *forwarder_, committed_, delays_->AsLater()}),
      .events = EventService({*serving_, *server_pool_, committed_}),
      .ingress = IngressService({*serving_, *server_pool_, *sealer_, *routes_, *ingress_, *forwarder_, *start_execution_, *starter_}),
      .steps = StepService({*serving_, *server_pool_, cancel})});
  process_metrics_ = metrics::ExportProcessMetrics(registry_);
  ASSIGN_OR_RETURN(admin_, http::StartAdmin(config_.admin_address, registry_, readiness_));
  ASSIGN_OR_RETURN(server_, rpc::Server::Create(config_.grpc, {&services_->workflows, &services_->executions, &services_->events, &services_->ingress, &services_->steps},
                                                readiness_));
  // Only who can be called joins: work is sent to the owner of a shard from the moment it has it.
  std::vector<ShardGroup*> groups;
  for (auto& group : groups_) groups.push_back(group.get());
  leases_->Start(std::move(groups));
  log::Info("serving", {{"grpc_address", config_.grpc.address}, {"admin_address", config_.admin_address}});
  return absl::OkStatus();
}

// As CancelExecution, by the service itself.
void App::CancelForPlatform(TenantId tenant, ExecutionId id, std::function<void(const absl::Status&)> done) {
  Steering steering{.control = Control::kCancel, .reason = "the tenant is removed", .signal = {}};
  auth::CallContext caller;
  caller.tenant = tenant;
  caller.service = "workflow-engine";
  caller.deadline = real_clock_.Now() + kCancelDeadline;
  auto answered = [done = std::move(done)](absl::StatusOr<workflow::v1::Execution> execution) { done(execution.status()); };
  if (!starter_->owns(ShardOf(id))) return forwarder_->Steer(ShardOf(id), caller, ToForward(id, steering), answered);
  RunSteer(starter_->GroupOf(ShardOf(id)), *server_pool_, *workers_, caller, {tenant, id, std::move(steering)}, answered);
}

void App::Drain() {
  if (std::exchange(drained_, true)) return;
  readiness_.StartDrain();
  if (serving_) serving_->StartDrain();
  if (server_) server_->Drain(config_.drain);
  for (auto* loop : {partitions_.get(), database_watch_.get(), last_used_.get(), token_key_loop_.get(), foreign_commits_loop_.get()}) {
    if (loop != nullptr) loop->Stop();
  }
  if (auditor_) auditor_->Stop();
  if (leases_) leases_->Stop();
  log::Info("drained");
}

}  // namespace penstock::workflow_engine
