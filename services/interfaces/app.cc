#include "services/interfaces/app.h"

#include <utility>

#include "libs/auth/api_key_store.h"
#include "libs/http/admin.h"
#include "libs/log/log.h"
#include "libs/metrics/process.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/front_door/api_services.h"
#include "services/interfaces/ops/overview.h"

namespace penstock::interfaces {
namespace {

constexpr char kJwksPath[] = "/.well-known/jwks.json";
constexpr char kHelloPath[] = "/hello";
constexpr char kConsentStartPath[] = "/oauth/start";
constexpr char kConsentCallbackPath[] = "/oauth/callback/{provider}";
// Who may be told what /hello counts is who may call this.
constexpr char kGetOverview[] = "/penstock.tenancy.v1.OverviewService/GetOverview";
constexpr char kWebhookPath[] = "/webhooks/{clientId}/{triggerType}/{actionType}";
constexpr absl::Duration kFirstLook = absl::Seconds(1);
// A look-up takes a millisecond, and this many at once use as many connections.
constexpr int kLookupThreads = 2;
constexpr size_t kMaxQueuedLookups = 1000;

TenantDirectory::Find FindTenantIn(postgres::Pool& pool) {
  return [&pool](std::string_view client) -> absl::StatusOr<std::optional<TenantRow>> {
    ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool.Acquire());
    return FindTenant(*connection, client);
  };
}

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
                                               "interfaces-service", clock_));
  ASSIGN_OR_RETURN(mailer_, mail::Create(config_.mail, clock_));
  api_keys_ = std::make_unique<auth::ApiKeyAuthenticator>(auth::FindApiKeyIn(*pool_), clock_);
  ASSIGN_OR_RETURN(token_keys_,
                   auth::TokenKeyring::Open(config_.token_key_dir, config_.token_signing_key_dir));
  access_tokens_ =
      std::make_unique<auth::TokenAuthenticator>(*token_keys_, config_.token_issuer, clock_);
  authenticator_ =
      std::make_unique<auth::BearerAuthenticator>(std::vector<const auth::Authenticator*>{
          api_keys_.get(), tokens_.get(), access_tokens_.get()});
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::Channel> channel,
                   rpc::CreateChannel(config_.engine));
  engine_ = std::make_unique<EngineClient>(channel, *tokens_);
  workers_ = std::make_unique<lifecycle::ThreadPool>(
      lifecycle::ThreadPool::Options{.name = "worker", .threads = config_.workers});
  lookups_ = std::make_unique<lifecycle::ThreadPool>(lifecycle::ThreadPool::Options{
      .name = "lookup", .threads = kLookupThreads, .max_queued = kMaxQueuedLookups});
  tenants_ = std::make_unique<TenantDirectory>(
      FindTenantIn(*pool_), *lookups_, clock_,
      TenantDirectory::Options{.default_rate_limit = config_.webhook_rate_limit});
  deliveries_ = std::make_unique<DeliveryStream>(
      channel,
      [this](grpc::ClientContext& context) {
        rpc::PrepareCall(context, *tokens_, TenantId(), absl::InfiniteFuture());
      },
      DeliveryStream::Options{.reply_timeout = config_.webhook_wait_timeout,
                              .max_waiting = config_.http.limits.max_in_flight});
  door_ = std::make_unique<WebhookDoor>(*tenants_, *deliveries_, registry_, clock_);
  router_.Add(http::Method::kPost, kWebhookPath,
              [this](const http::Request& request, http::Responder responder) {
                door_->Handle(request, std::move(responder));
              });
  router_.Add(http::Method::kGet, kJwksPath,
              [this](const http::Request&, http::Responder responder) {
                responder.Send({.body = auth::JwksOf(*token_keys_->verification()),
                                .headers = {{"Cache-Control", "public, max-age=60"}}});
              });
  serving_ = std::make_unique<rpc::Serving>(*authenticator_, auth::PenstockRoles(), *workers_,
                                            registry_, clock_);
  webhooks_ = std::make_unique<WebhookService>(*serving_, *engine_, clock_);
  service_interfaces_ =
      std::make_unique<ServiceInterfaces>(*serving_, *pool_, channel, *tokens_, clock_);
  identity_ = std::make_unique<Identity>(config_, *serving_, *pool_, *token_keys_, clock_);
  OpenHello();
  RETURN_IF_ERROR(OpenConsent());
  RETURN_IF_ERROR(OpenRest());
  ASSIGN_OR_RETURN(std::unique_ptr<postgres::Pool> admin_pool,
                   postgres::Pool::Create(config_.admin_pool));
  tenant_administration_ = std::make_unique<TenantAdministration>(
      *serving_, std::move(admin_pool), *engine_, *mailer_, config_.access_token_lifetime, clock_);
  readiness_check_ = std::make_unique<ReadinessCheck>(*pool_, *engine_, readiness_, clock_);
  readiness_loop_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "readiness", .period = absl::Seconds(2)},
      [this] { return readiness_check_->Run(); }, clock_, &registry_);
  touch_loop_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "key-usage", .period = absl::Seconds(30)},
      [this] { return auth::TouchLastUsed(*api_keys_, *pool_); }, clock_, &registry_);
  key_loop_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "token-keys", .period = absl::Seconds(30)},
      [this] { return token_keys_->Reload(); }, clock_, &registry_);
  std::vector<grpc::Service*> services = identity_->services();
  services.push_back(webhooks_.get());
  services.push_back(service_interfaces_->service());
  for (grpc::Service* service : tenant_administration_->services()) services.push_back(service);
  ASSIGN_OR_RETURN(grpc_, rpc::Server::Create(config_.grpc, services, readiness_));
  ASSIGN_OR_RETURN(http_, http::Server::Create(config_.http, [this](const http::Request& request,
                                                                    http::Responder responder) {
                     if (RestDoor::Serves(request.path)) {
                       return rest_->Handle(request, std::move(responder));
                     }
                     router_.Route(request, std::move(responder));
                   }));
  ASSIGN_OR_RETURN(admin_, http::StartAdmin(config_.admin_address, registry_, readiness_));
  Measure();
  readiness_loop_->Start();
  touch_loop_->Start();
  key_loop_->Start();
  log::Info("serving",
            {{"http_port", http_port()}, {"grpc_port", grpc_port()}, {"admin_port", admin_port()}});
  return absl::OkStatus();
}

void App::OpenHello() {
  hello_ = std::make_unique<HelloDoor>(
      *authenticator_, *workers_,
      [this](const auth::CallContext& caller) -> absl::StatusOr<Overview> {
        RETURN_IF_ERROR(auth::PenstockRoles().Check(kGetOverview, caller));
        return GetOverview(identity_->context(), caller);
      },
      clock_);
  router_.Add(http::Method::kGet, kHelloPath,
              [this](const http::Request& request, http::Responder responder) {
                hello_->Greet(request, std::move(responder));
              });
  router_.Add(http::Method::kOptions, kHelloPath,
              [this](const http::Request& request, http::Responder responder) {
                hello_->Preflight(request, std::move(responder));
              });
}

absl::Status App::OpenConsent() {
  ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, rpc::CreateChannel(config_.connectors));
  consent_ = std::make_unique<ConsentDoor>(std::move(channel), *tokens_, *workers_, clock_);
  router_.Add(http::Method::kGet, kConsentStartPath,
              [this](const http::Request& request, http::Responder responder) {
                consent_->Open(request, std::move(responder));
              });
  router_.Add(http::Method::kGet, kConsentCallbackPath,
              [this](const http::Request& request, http::Responder responder) {
                consent_->Complete(request, std::move(responder));
              });
  return absl::OkStatus();
}

// Whether the services behind are there is for each call to find out: webhooks don't need them.
absl::Status App::OpenRest() {
  ApiChannels channels;
  ASSIGN_OR_RETURN(channels.connectors, rpc::CreateChannel(config_.connectors));
  ASSIGN_OR_RETURN(channels.scheduler, rpc::CreateChannel(config_.scheduler));
  ASSIGN_OR_RETURN(rest_, RestDoor::Create(ApiBackends(channels), *workers_, registry_, clock_,
                                           {.cors = config_.cors}));
  return absl::OkStatus();
}

void App::Measure() {
  collectors_.push_back(metrics::ExportProcessMetrics(registry_));
  collectors_.push_back(http::ExportServerStats(registry_, *http_, "front_door"));
  metrics::Gauge waiting = registry_.Gauge("penstock_webhooks_waiting",
                                           "Deliveries that the engine has not answered yet.");
  metrics::Gauge queued = registry_.Gauge("penstock_tenant_lookups_queued",
                                          "Look-ups of tenants that wait for a thread.");
  collectors_.push_back(registry_.AddCollector([this, waiting, queued]() mutable {
    waiting.Set(static_cast<double>(deliveries_->stats().waiting));
    queued.Set(static_cast<double>(lookups_->queued()));
  }));
}

void App::Drain() {
  log::Info("draining");
  readiness_.StartDrain();
  http_->Drain(config_.drain);
  grpc_->Drain(config_.drain);
  deliveries_->Stop();
}

App::~App() {
  // Nothing may arrive at what is being taken apart: doors first, then what answers them.
  collectors_.clear();
  if (readiness_loop_) readiness_loop_->Stop();
  if (touch_loop_) touch_loop_->Stop();
  if (key_loop_) key_loop_->Stop();
  if (admin_) admin_->Stop();
  if (http_) http_->Stop();
  if (rest_) rest_->Stop();
  grpc_.reset();
  if (deliveries_) deliveries_->Stop();
  if (service_interfaces_) service_interfaces_->Stop();
  if (lookups_) lookups_->Stop();
  if (identity_) identity_->Stop();
  if (workers_) workers_->Stop();
}

}  // namespace penstock::interfaces
