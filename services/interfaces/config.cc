#include "services/interfaces/config.h"

#include <utility>
#include <vector>

#include "libs/auth/service_token.h"
#include "libs/auth/token_keys.h"
#include "libs/config/database.h"
#include "libs/http/admin.h"
#include "libs/postgres/settings.h"
#include "libs/secrets/settings.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

constexpr int kAdminConnections = 4;

using config::Setting;
using config::Type;

config::Declarations DeclareInterfaces() {
  return {
      Setting{.name = "PENSTOCK_HTTP_ADDRESS",
              .type = Type::kString,
              .default_text = "0.0.0.0:8080",
              .help = "Where the HTTP front door listens.",
              .unit = "host:port"},
      Setting{.name = "PENSTOCK_HTTP_THREADS",
              .type = Type::kInt,
              .default_text = "1",
              .help = "Threads of the front door; one serves more than 10,000 webhooks a second.",
              .unit = "threads",
              .minimum = 1,
              .maximum = 64},
      Setting{.name = "PENSTOCK_HTTP_MAX_CONNECTIONS",
              .type = Type::kInt,
              .default_text = "10000",
              .help = "Connections at most; past it a new one is told 503.",
              .unit = "connections",
              .minimum = 1,
              .maximum = 1'000'000},
      Setting{.name = "PENSTOCK_HTTP_MAX_IN_FLIGHT",
              .type = Type::kInt,
              .default_text = "10000",
              .help = "Requests being handled at most; past it a request is told 503.",
              .unit = "requests",
              .minimum = 1,
              .maximum = 1'000'000},
      Setting{.name = "PENSTOCK_CONNECTOR_ADDRESS",
              .type = Type::kString,
              .default_text = "127.0.0.1:50051",
              .help = "Where connector-service listens, host:port or unix:/path.",
              .unit = "address"},
      Setting{.name = "PENSTOCK_ENGINE_ADDRESS",
              .type = Type::kString,
              .default_text = "127.0.0.1:50052",
              .help = "Where workflow-engine listens, host:port or unix:/path.",
              .unit = "address"},
      Setting{.name = "PENSTOCK_SCHEDULER_ADDRESS",
              .type = Type::kString,
              .default_text = "127.0.0.1:50053",
              .help = "Where scheduler listens, host:port or unix:/path.",
              .unit = "address"},
      Setting{.name = "PENSTOCK_CORS_ORIGINS",
              .type = Type::kString,
              .default_text = "",
              .help = "Origins whose pages may call /api, https://app.example.com, with commas "
                      "between; * = all."},
      Setting{.name = "PENSTOCK_WEBHOOK_MAX_BYTES",
              .type = Type::kBytes,
              .default_text = "1MiB",
              .help = "Largest body of a webhook or of a call to /api; past it 413.",
              .minimum = 1,
              .maximum = 8 << 20},
      Setting{.name = "PENSTOCK_WEBHOOK_RATE_LIMIT",
              .type = Type::kInt,
              .default_text = "0",
              .help = "Webhooks a second of a tenant without a limit of its own, past which they "
                      "are told 429; 0 = no limit.",
              .unit = "webhooks/s",
              .minimum = 0,
              .maximum = 1'000'000'000},
      Setting{.name = "PENSTOCK_WEBHOOK_WAIT_TIMEOUT",
              .type = Type::kDuration,
              .default_text = "30s",
              .help = "How long a sender waits for the engine's answer, the workflow's included "
                      "where the trigger says so; then 504.",
              .minimum = 0.01,
              .maximum = 3600},
      Setting{.name = "PENSTOCK_INTERFACES_WORKERS",
              .type = Type::kInt,
              .default_text = "4",
              .help = "Threads for calls that wait for the database or the engine.",
              .unit = "threads",
              .minimum = 1,
              .maximum = 256},
      Setting{.name = "PENSTOCK_TOKEN_SIGNING_KEY_DIR",
              .type = Type::kPath,
              .help = "Directory with the private keys of access tokens, one <kid>.pem each "
                      "(Ed25519, PKCS#8); the last by name signs. Only interfaces-service has it."},
      Setting{.name = "PENSTOCK_ACCESS_TOKEN_LIFETIME",
              .type = Type::kDuration,
              .default_text = "10m",
              .help = "How long an access token is good; so long a disabled person's may live on.",
              .minimum = 1,
              .maximum = 3600},
      Setting{.name = "PENSTOCK_SESSION_LIFETIME",
              .type = Type::kDuration,
              .default_text = "720h",
              .help = "How long a person stays signed in without a password.",
              .minimum = 60,
              .maximum = 31'536'000},
      Setting{.name = "PENSTOCK_PASSWORD_THREADS",
              .type = Type::kInt,
              .default_text = "2",
              .help = "Passwords looked at at once; each takes 64 MiB and 60 ms of a core; one "
                      "more turn is kept for admins.",
              .unit = "threads",
              .minimum = 1,
              .maximum = 64},
      Setting{.name = "PENSTOCK_DRAIN_TIMEOUT",
              .type = Type::kDuration,
              .default_text = "10s",
              .help = "How long requests under way may take to finish after SIGTERM.",
              .minimum = 0,
              .maximum = 600},
  };
}

http::ServerOptions HttpOptionsFrom(const config::Settings& settings) {
  http::ServerOptions options;
  options.address = settings.String("PENSTOCK_HTTP_ADDRESS");
  options.threads = static_cast<int>(settings.Int("PENSTOCK_HTTP_THREADS"));
  options.limits.max_connections = settings.Int("PENSTOCK_HTTP_MAX_CONNECTIONS");
  options.limits.max_in_flight = settings.Int("PENSTOCK_HTTP_MAX_IN_FLIGHT");
  options.limits.max_body_bytes = settings.Bytes("PENSTOCK_WEBHOOK_MAX_BYTES");
  return options;
}

absl::Status CheckDatabase(const config::Environment& environment) {
  ASSIGN_OR_RETURN(const config::Lookup lookup, config::LookupIn(environment));
  return postgres::CheckPoolOptions({postgres::Role::kServer, postgres::Role::kAdmin}, lookup);
}

absl::Status CheckTogether(const config::Environment& environment) {
  std::vector<FieldViolation> violations = ViolationsOf(CheckDatabase(environment));
  for (FieldViolation& violation : ViolationsOf(mail::Check(environment))) {
    violations.push_back(std::move(violation));
  }
  return violations.empty() ? absl::OkStatus() : BadRequest(violations);
}

}  // namespace

config::Program DescribeProgram() {
  return {"interfaces-service", "Lets the outside in: webhooks, and people with what they may do.",
          config::Join({DeclareInterfaces(), rpc::DeclareServerSettings("0.0.0.0:50054"),
                        http::DeclareAdminSettings("0.0.0.0:9104"), rpc::DeclareChannelSettings(),
                        auth::DeclareServiceKeySettings(), auth::DeclareTokenSettings(),
                        config::DeclareDatabase({"SERVER", "ADMIN"}), mail::DeclareSettings(),
                        secrets::DeclareSettings(), log::DeclareSettings()}),
          CheckTogether};
}

absl::StatusOr<Config> ConfigFrom(const config::Settings& settings,
                                  const config::Environment& environment) {
  Config config;
  config.http = HttpOptionsFrom(settings);
  config.grpc = rpc::ServerOptionsFrom(settings);
  config.admin_address = settings.String("PENSTOCK_ADMIN_ADDRESS");
  config.log = log::OptionsFrom(settings, "interfaces-service");
  ASSIGN_OR_RETURN(const config::Lookup lookup, config::LookupIn(environment));
  ASSIGN_OR_RETURN(config.server_pool, postgres::ReadPoolOptions(postgres::Role::kServer, lookup));
  ASSIGN_OR_RETURN(config.admin_pool, postgres::ReadPoolOptions(postgres::Role::kAdmin, lookup));
  // Rare work, a step at a time.
  config.admin_pool.min_connections = 0;
  config.admin_pool.max_connections = kAdminConnections;
  config.service_key =
      std::make_shared<const crypto::Secret>(settings.Secret("PENSTOCK_SERVICE_KEY").Reveal());
  config.token_key_dir = settings.String("PENSTOCK_TOKEN_KEY_DIR");
  config.token_signing_key_dir = settings.String("PENSTOCK_TOKEN_SIGNING_KEY_DIR");
  config.token_issuer = settings.String("PENSTOCK_TOKEN_ISSUER");
  config.access_token_lifetime = settings.Duration("PENSTOCK_ACCESS_TOKEN_LIFETIME");
  config.session_lifetime = settings.Duration("PENSTOCK_SESSION_LIFETIME");
  config.password_threads = static_cast<int>(settings.Int("PENSTOCK_PASSWORD_THREADS"));
  config.connectors =
      rpc::ChannelOptionsFrom(settings, settings.String("PENSTOCK_CONNECTOR_ADDRESS"));
  config.engine = rpc::ChannelOptionsFrom(settings, settings.String("PENSTOCK_ENGINE_ADDRESS"));
  config.scheduler =
      rpc::ChannelOptionsFrom(settings, settings.String("PENSTOCK_SCHEDULER_ADDRESS"));
  absl::StatusOr<CorsPolicy> cors = CorsPolicy::Parse(settings.String("PENSTOCK_CORS_ORIGINS"));
  if (!cors.ok()) {
    const std::string why(cors.status().message());
    return InvalidField("PENSTOCK_CORS_ORIGINS", why);
  }
  config.cors = *std::move(cors);
  ASSIGN_OR_RETURN(config.mail, mail::OptionsFrom(settings));
  config.workers = static_cast<int>(settings.Int("PENSTOCK_INTERFACES_WORKERS"));
  config.webhook_rate_limit = settings.Int("PENSTOCK_WEBHOOK_RATE_LIMIT");
  config.webhook_wait_timeout = settings.Duration("PENSTOCK_WEBHOOK_WAIT_TIMEOUT");
  config.drain = settings.Duration("PENSTOCK_DRAIN_TIMEOUT");
  return config;
}

}  // namespace penstock::interfaces
