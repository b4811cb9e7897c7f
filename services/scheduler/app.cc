#include "services/scheduler/app.h"

#include <functional>
#include <string>
#include <utility>

#include "libs/auth/api_key_store.h"
#include "libs/http/admin.h"
#include "libs/log/log.h"
#include "libs/metrics/process.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::scheduler {
namespace {

constexpr absl::Duration kFirstLook = absl::Seconds(1);

}  // namespace

absl::StatusOr<std::unique_ptr<App>> App::Create(const Config& config, const Clock& clock) {
  std::unique_ptr<App> app(new App(config, clock));
  RETURN_IF_ERROR(app->Start());
  return app;
}

App::App(const Config& config, const Clock& clock)
    : config_(config),
      clock_(clock),
      readiness_({migrate::DatabaseReadiness::kDatabase, migrate::DatabaseReadiness::kSchema,
                  kEngineCondition}) {}

absl::Status App::Start() {
  ASSIGN_OR_RETURN(pool_, postgres::Pool::Create(config_.server_pool));
  // A database that is away may come; settings that can't work with it stay as they are.
  if (absl::Status database = pool_->CheckWritable(clock_.Now() + kFirstLook);
      ReasonOf(database) == postgres::kSharedSession) {
    return database;
  }
  ASSIGN_OR_RETURN(tokens_,
                   auth::ServiceTokens::Create(crypto::Secret(config_.service_key->Reveal()),
                                               "scheduler", clock_));
  api_keys_ = std::make_unique<auth::ApiKeyAuthenticator>(auth::FindApiKeyIn(*pool_), clock_);
  ASSIGN_OR_RETURN(token_keys_, auth::TokenKeyring::Open(config_.token_key_dir));
  access_tokens_ =
      std::make_unique<auth::TokenAuthenticator>(*token_keys_, config_.token_issuer, clock_);
  authenticator_ =
      std::make_unique<auth::BearerAuthenticator>(std::vector<const auth::Authenticator*>{
          api_keys_.get(), tokens_.get(), access_tokens_.get()});
  ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, rpc::CreateChannel(config_.engine));
  engine_ = std::make_unique<EngineClient>(std::move(channel), *tokens_, clock_);
  firing_ = std::make_unique<FiringLoop>(*pool_, *engine_, registry_, config_.firing);
  retention_ = std::make_unique<RunRetention>(*pool_, config_.run_retention);
  context_ = std::make_unique<ScheduleContext>(
      ScheduleContext{*pool_, clock_, [this] { firing_->Wake(); }});
  workers_ = std::make_unique<lifecycle::ThreadPool>(
      lifecycle::ThreadPool::Options{.name = "worker", .threads = config_.workers});
  serving_ = std::make_unique<rpc::Serving>(*authenticator_, auth::PenstockRoles(), *workers_,
                                            registry_, clock_);
  schedules_ = std::make_unique<ScheduleService>(*serving_, *context_);
  readiness_check_ = std::make_unique<ReadinessCheck>(*pool_, *engine_, readiness_, clock_);
  ASSIGN_OR_RETURN(grpc_, rpc::Server::Create(config_.grpc, {schedules_.get()}, readiness_));
  ASSIGN_OR_RETURN(admin_, http::StartAdmin(config_.admin_address, registry_, readiness_));
  collectors_.push_back(metrics::ExportProcessMetrics(registry_));
  StartLoops();
  log::Info("serving", {{"grpc_port", grpc_port()}, {"admin_port", admin_port()}});
  return absl::OkStatus();
}

void App::StartLoops() {
  const auto start = [this](std::string name, absl::Duration period,
                            std::function<absl::Status()> body) {
    loops_.push_back(std::make_unique<lifecycle::BackgroundLoop>(
        lifecycle::BackgroundLoop::Options{.name = std::move(name), .period = period},
        std::move(body), clock_, &registry_));
    loops_.back()->Start();
  };
  start("readiness", absl::Seconds(2), [this] { return readiness_check_->Run(); });
  start("key-usage", absl::Seconds(30), [this] { return auth::TouchLastUsed(*api_keys_, *pool_); });
  start("token-keys", absl::Seconds(30), [this] { return token_keys_->Reload(); });
  start("retention", absl::Minutes(1), [this] { return DropOldRuns(); });
  firing_->Start();
}

absl::Status App::DropOldRuns() {
  ASSIGN_OR_RETURN(const int64_t dropped, retention_->Run());
  if (dropped == 0) return absl::OkStatus();
  registry_
      .Counter("penstock_schedule_runs_dropped_total", "Rows of runs dropped after their time.")
      .Increment(static_cast<double>(dropped));
  return absl::OkStatus();
}

void App::Drain() {
  log::Info("draining");
  readiness_.StartDrain();
  grpc_->Drain(config_.drain);
  firing_->Stop();
}

App::~App() {
  // Nothing may arrive at what is being taken apart: doors first, then what answers them.
  collectors_.clear();
  for (const auto& loop : loops_) loop->Stop();
  if (admin_) admin_->Stop();
  grpc_.reset();
  if (workers_) workers_->Stop();
  if (firing_) firing_->Stop();
}

}  // namespace penstock::scheduler
