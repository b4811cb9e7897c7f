#include "services/connector/app.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "libs/audit_log/append.h"
#include "libs/auth/api_key_store.h"
#include "libs/auth/role_table.h"
#include "libs/grpc/channel.h"
#include "libs/http/admin.h"
#include "libs/log/log.h"
#include "libs/metrics/process.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/auth/builtin.h"

namespace penstock::connector {
namespace {

constexpr absl::Duration kFirstLook = absl::Seconds(1);

double Jitter() {
  thread_local absl::BitGen generator;
  return absl::Uniform(generator, 0.0, 1.0);
}

absl::Status AuditProviderChange(postgres::Connection& connection, const auth::CallContext& caller,
                                 std::string_view action, const std::string& provider_id) {
  return audit_log::AppendAudit(
      connection, caller,
      {.action = action, .resource_type = "provider", .resource_id = provider_id});
}

}  // namespace

absl::StatusOr<std::unique_ptr<App>> App::Create(Config config, const Clock& clock) {
  std::unique_ptr<App> app(new App(std::move(config), clock));
  RETURN_IF_ERROR(app->Start());
  return app;
}

App::App(Config config, const Clock& clock)
    : config_(std::move(config)),
      clock_(clock),
      readiness_({migrate::DatabaseReadiness::kDatabase, migrate::DatabaseReadiness::kSchema,
                  kKeysCondition}) {}

absl::Status App::Start() {
  ASSIGN_OR_RETURN(pool_, postgres::Pool::Create(config_.server_pool));
  // A database that is away may come; settings that can't work with it stay as they are.
  if (absl::Status database = pool_->CheckWritable(clock_.Now() + kFirstLook);
      ReasonOf(database) == postgres::kSharedSession) {
    return database;
  }
  RETURN_IF_ERROR(OpenIdentity());
  RETURN_IF_ERROR(OpenCredentials());
  RETURN_IF_ERROR(OpenCalling());
  workers_ = std::make_unique<lifecycle::ThreadPool>(
      lifecycle::ThreadPool::Options{.name = "worker", .threads = config_.workers});
  serving_ = std::make_unique<rpc::Serving>(*authenticator_, auth::PenstockRoles(), *workers_,
                                            registry_, clock_);
  connector_service_ = std::make_unique<ConnectorService>(*serving_, *calling_, specs_);
  provider_service_ = std::make_unique<ProviderService>(*serving_, *providers_);
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::Channel> interfaces,
                   rpc::CreateChannel(config_.interfaces));
  project_connectors_ = std::make_unique<ProjectConnectors>(*serving_, *pool_, *workflows_,
                                                            interfaces, *tokens_, clock_);
  step_service_ =
      std::make_unique<StepService>(*serving_, *calling_, specs_, project_connectors_->step());
  ASSIGN_OR_RETURN(std::unique_ptr<postgres::Pool> admin_pool,
                   postgres::Pool::Create(config_.admin_pool));
  key_administration_ =
      std::make_unique<KeyAdministration>(*serving_, std::move(admin_pool), *pool_,
                                          config_.root_keys, *tenant_keys_, registry_, clock_);
  readiness_check_ =
      std::make_unique<ReadinessCheck>(*pool_, config_.root_keys, readiness_, clock_);
  RETURN_IF_ERROR(readiness_check_->Run());
  RETURN_IF_ERROR(readiness_check_->fatal());
  std::vector<grpc::Service*> services = {connector_service_.get(), provider_service_.get(),
                                          step_service_.get(), project_connectors_->service()};
  for (grpc::Service* service : key_administration_->services()) services.push_back(service);
  services.push_back(grants_->MakeService(*serving_));
  ASSIGN_OR_RETURN(grpc_, rpc::Server::Create(config_.grpc, services, readiness_));
  ASSIGN_OR_RETURN(admin_, http::StartAdmin(config_.admin_address, registry_, readiness_));
  collectors_.push_back(metrics::ExportProcessMetrics(registry_));
  StartLoops();
  log::Info("serving", {{"grpc_port", grpc_port()}, {"admin_port", admin_port()}});
  return absl::OkStatus();
}

absl::Status App::OpenIdentity() {
  ASSIGN_OR_RETURN(tokens_,
                   auth::ServiceTokens::Create(crypto::Secret(config_.service_key->Reveal()),
                                               "connector-service", clock_));
  api_keys_ = std::make_unique<auth::ApiKeyAuthenticator>(auth::FindApiKeyIn(*pool_), clock_);
  ASSIGN_OR_RETURN(token_keys_, auth::TokenKeyring::Open(config_.token_key_dir, ""));
  access_tokens_ =
      std::make_unique<auth::TokenAuthenticator>(*token_keys_, config_.token_issuer, clock_);
  authenticator_ =
      std::make_unique<auth::BearerAuthenticator>(std::vector<const auth::Authenticator*>{
          api_keys_.get(), tokens_.get(), access_tokens_.get()});
  return absl::OkStatus();
}

absl::Status App::OpenCredentials() {
  has_vault_ = config_.vault_secrets != nullptr;
  tenant_keys_ = std::make_unique<TenantKeys>(config_.root_keys, *pool_, clock_);
  uses_ = std::make_unique<UseRecorder>(*pool_);
  credentials_ = std::make_unique<CredentialStore>(*pool_, *tenant_keys_, *uses_,
                                                   std::move(config_.vault_secrets), clock_);
  return absl::OkStatus();
}

absl::Status App::OpenCalling() {
  strategies_ =
      BuiltinAuthStrategies({.plain_http = config_.egress_plain_http == egress::PlainHttp::kAllowed,
                             // Whoever opens private targets means them.
                             .any_host = !config_.egress_allow.empty()});
  ASSIGN_OR_RETURN(catalogue_, Catalogue::CreateEmbedded());
  providers_.emplace(ProviderContext{*pool_, *catalogue_, clock_, AuditProviderChange});
  connectors_.emplace(ConnectorContext{.pool = *pool_,
                                       .strategies = *strategies_,
                                       .providers = *providers_,
                                       .credentials = *credentials_,
                                       .clock = clock_,
                                       .plain_http = config_.egress_plain_http,
                                       .has_vault = has_vault_});
  known_ = std::make_unique<KnownConnectors>(*connectors_);
  workflows_ = std::make_unique<KnownWorkflows>(*pool_, clock_);
  health_ = std::make_unique<CallHealth>(*connectors_);
  ASSIGN_OR_RETURN(egress::Guard guard,
                   egress::Guard::Create(config_.egress_allow, config_.egress_plain_http));
  egress::ClientOptions options;
  options.driver.max_concurrent = config_.workers;
  options.driver.limits.ca_file = config_.egress_ca_file;
  ASSIGN_OR_RETURN(http_, egress::HttpClient::Create(std::move(guard), clock_, options));
  sender_ = std::make_unique<BlockingClient>(*http_, clock_);
  rate_gate_ = std::make_unique<SharedRateGate>(*pool_, clock_);
  call_metrics_ = std::make_unique<CallMetrics>(
      registry_, std::vector<std::string>(catalogue_->ids().begin(), catalogue_->ids().end()));
  caller_ = std::make_unique<Caller>(
      Caller::Deps{*sender_, *rate_gate_, clock_, *call_metrics_, Jitter, SleepInRealTime},
      CallerOptions{.max_calls_per_connector = std::max(1, config_.workers / 4), .breaker = {}});
  ASSIGN_OR_RETURN(crypto::Sealer spool_key, crypto::Sealer::FromText(*config_.spool_key));
  ASSIGN_OR_RETURN(TokenSpool spool, TokenSpool::Create(config_.spool_dir, std::move(spool_key)));
  grants_ = std::make_unique<Grants>(
      Grants::Parts{*pool_, *credentials_, *sender_, registry_, clock_}, std::move(spool),
      config_.authorization, Uuid::MakeV7(clock_.Now()).ToString(), Jitter);
  calling_.emplace(
      CallingContext{*connectors_, *known_, *workflows_, *health_, grants_->tokens(), *caller_});
  return absl::OkStatus();
}

void App::StartLoops() {
  const auto add = [&](const char* name, absl::Duration period,
                       std::function<absl::Status()> body) {
    loops_.push_back(std::make_unique<lifecycle::BackgroundLoop>(
        lifecycle::BackgroundLoop::Options{.name = name, .period = period}, std::move(body), clock_,
        &registry_));
    loops_.back()->Start();
  };
  key_administration_->Start();
  grants_->Start();
  add("readiness", absl::Seconds(2), [this] { return readiness_check_->Run(); });
  add("key-usage", absl::Seconds(30), [this] { return auth::TouchLastUsed(*api_keys_, *pool_); });
  add("token-keys", absl::Seconds(30), [this] { return token_keys_->Reload(); });
}

void App::Drain() {
  log::Info("draining");
  readiness_.StartDrain();
  grpc_->Drain(config_.drain);
  http_->Stop(absl::ZeroDuration());
}

App::~App() {
  // Nothing may arrive at what is being taken apart.
  collectors_.clear();
  for (auto& loop : loops_) loop->Stop();
  if (key_administration_) key_administration_->Stop();
  if (grants_) grants_->Stop();
  if (admin_) admin_->Stop();
  grpc_.reset();
  if (project_connectors_) project_connectors_->Stop();
  if (workers_) workers_->Stop();
  if (uses_) uses_->Stop();
}

}  // namespace penstock::connector
