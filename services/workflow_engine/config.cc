#include "services/workflow_engine/config.h"


#include "libs/auth/service_token.h"
#include "libs/auth/token_keys.h"
#include "libs/config/database.h"
#include "libs/http/admin.h"
#include "libs/postgres/settings.h"
#include "libs/secrets/settings.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::workflow_engine {
namespace {

using config::Setting;
using config::Type;

config::Declarations DeclareEngine() {
  return {
      Setting{.name = "PENSTOCK_ENGINE_ADVERTISE_ADDRESS", .type = Type::kString, .default_text = "",
              .help = "Where other engines reach this one, host:port; empty = the gRPC address."},
      Setting{.name = "PENSTOCK_CONNECTOR_ADDRESS", .type = Type::kString, .default_text = "127.0.0.1:50051",
              .help = "Where connector-service listens, host:port or unix:/path: it makes the calls of connector nodes."},
      Setting{.name = "PENSTOCK_INTERFACES_ADDRESS", .type = Type::kString, .default_text = "127.0.0.1:50054",
              .help = "Where interfaces-service listens, host:port or unix:/path: it runs the steps that make and remove tenants."},
      Setting{.name = "PENSTOCK_ROOT_KEY", .type = Type::kSecret, .default_text = std::nullopt,
              .help = "The key that seals the tenants' signing secrets: 32 bytes as base64, or raw in a file."},
      Setting{.name = "PENSTOCK_SANDBOX_PATH", .type = Type::kPath, .default_text = "penstock-sandbox",
              .help = "The sandbox binary."},
      Setting{.name = "PENSTOCK_SANDBOX_PROCESSES", .type = Type::kInt, .default_text = "1",
              .help = "Sandbox processes kept ready.", .unit = "processes", .minimum = 1, .maximum = 64},
      Setting{.name = "PENSTOCK_SANDBOX_MAX_PROCESSES", .type = Type::kInt, .default_text = "4",
              .help = "Sandbox processes at most, when all are busy with slow code.", .unit = "processes", .minimum = 1, .maximum = 256},
      Setting{.name = "PENSTOCK_ENGINE_GROUPS", .type = Type::kInt, .default_text = "1",
              .help = "Threads that run executions, each with a database connection of its own.", .unit = "threads", .minimum = 1,
              .maximum = 64},
      Setting{.name = "PENSTOCK_ENGINE_WORKERS", .type = Type::kInt, .default_text = "4",
              .help = "Threads for calls that wait for the database.", .unit = "threads", .minimum = 1, .maximum = 256},
      Setting{.name = "PENSTOCK_ENGINE_MAX_LIVE_EXECUTIONS", .type = Type::kInt, .default_text = "50000",
              .help = "Executions in memory, per group; past it new ones are refused with RESOURCE_EXHAUSTED.", .unit = "executions",
              .minimum = 1},
      Setting{.name = "PENSTOCK_ENGINE_MAX_BATCH", .type = Type::kInt, .default_text = "512",
              .help = "Executions recorded in one transaction at most.", .unit = "executions", .minimum = 1, .maximum = 10'000},
      Setting{.name = "PENSTOCK_ENGINE_HEARTBEAT", .type = Type::kDuration, .default_text = "1s",
              .help = "How often an engine says that it lives. Half a period late, one whose database session is gone counts as dead.", .minimum = 0.1, .maximum = 60},
      Setting{.name = "PENSTOCK_ENGINE_TIME_TO_LIVE", .type = Type::kDuration, .default_text = "6s",
              .help = "How long after its last heartbeat an engine's shards may be taken over even if its session is there.", .minimum = 0.3, .maximum = 600},
      Setting{.name = "PENSTOCK_EGRESS_ALLOW", .type = Type::kString, .default_text = "",
              .help = "Private targets that http_request may reach: \"127.0.0.1:9000-9100,10.1.0.0/16,internal.example\"."},
      Setting{.name = "PENSTOCK_EGRESS_PLAIN_HTTP", .type = Type::kBool, .default_text = "false",
              .help = "Whether http_request may use http:// as well as https://."},
      Setting{.name = "PENSTOCK_DRAIN_TIMEOUT", .type = Type::kDuration, .default_text = "10s",
              .help = "How long calls under way may take to finish after SIGTERM.", .minimum = 0, .maximum = 600},
  };
}

absl::Status CheckDatabase(const config::Environment& environment) {
  ASSIGN_OR_RETURN(const config::Lookup lookup, config::LookupIn(environment));
  return postgres::CheckPoolOptions({postgres::Role::kServer, postgres::Role::kEngine}, lookup);
}

}  // namespace

config::Program DescribeProgram() {
  return {"workflow-engine", "Runs workflows durably.",
          config::Join({rpc::DeclareServerSettings("0.0.0.0:50052"), rpc::DeclareChannelSettings(), http::DeclareAdminSettings("0.0.0.0:9102"), log::DeclareSettings(),
                        auth::DeclareServiceKeySettings(), auth::DeclareTokenSettings(), config::DeclareDatabase({"SERVER", "ENGINE"}),
                        secrets::DeclareSettings(), DeclareEngine()}),
          CheckDatabase};
}

absl::StatusOr<Config> ConfigFrom(const config::Settings& settings, const config::Environment& environment) {
  Config config;
  config.grpc = rpc::ServerOptionsFrom(settings);
  config.admin_address = settings.String("PENSTOCK_ADMIN_ADDRESS");
  config.advertise_address = settings.String("PENSTOCK_ENGINE_ADVERTISE_ADDRESS");
  config.connectors = rpc::ChannelOptionsFrom(settings, settings.String("PENSTOCK_CONNECTOR_ADDRESS"));
  config.interfaces = rpc::ChannelOptionsFrom(settings, settings.String("PENSTOCK_INTERFACES_ADDRESS"));
  config.self = rpc::ChannelOptionsFrom(settings, config.advertise_address.empty() ? config.grpc.address : config.advertise_address);
  config.log = log::OptionsFrom(settings, "workflow-engine");
  ASSIGN_OR_RETURN(config::Lookup lookup, config::LookupIn(environment));
  ASSIGN_OR_RETURN(config.server_pool, postgres::ReadPoolOptions(postgres::Role::kServer, lookup));
  ASSIGN_OR_RETURN(config.engine_pool, postgres::ReadPoolOptions(postgres::Role::kEngine, lookup));
  config.service_key = std::make_shared<const crypto::Secret>(settings.Secret("PENSTOCK_SERVICE_KEY").Reveal());
  config.token_key_dir = settings.String("PENSTOCK_TOKEN_KEY_DIR");
  config.token_issuer = settings.String("PENSTOCK_TOKEN_ISSUER");
  config.root_key_file = lookup("PENSTOCK_ROOT_KEY_FILE").value_or("");
  config.root_key = std::make_shared<const crypto::Secret>(settings.Secret("PENSTOCK_ROOT_KEY").Reveal());
  config.group.engine_conninfo = config.engine_pool.conninfo;
  config.group.session = config.engine_pool.session;
  config.group.max_live_executions = settings.Int("PENSTOCK_ENGINE_MAX_LIVE_EXECUTIONS");
  config.group.max_batch_executions = settings.Int("PENSTOCK_ENGINE_MAX_BATCH");
  config.groups = static_cast<int>(settings.Int("PENSTOCK_ENGINE_GROUPS"));
  config.workers = static_cast<int>(settings.Int("PENSTOCK_ENGINE_WORKERS"));
  config.sandbox = {.executable = settings.String("PENSTOCK_SANDBOX_PATH"),
                    .processes = static_cast<int>(settings.Int("PENSTOCK_SANDBOX_PROCESSES")),
                    .max_processes = static_cast<int>(settings.Int("PENSTOCK_SANDBOX_MAX_PROCESSES")),
                    // A workflow may fan out: room for several evaluations of every live execution.
                    .max_queued = 4 * config.group.max_live_executions * config.groups};
  config.egress_allow = settings.String("PENSTOCK_EGRESS_ALLOW");
  config.egress_plain_http = settings.Bool("PENSTOCK_EGRESS_PLAIN_HTTP");
  config.leases = {.engine_conninfo = config.engine_pool.conninfo,
                   .session = config.engine_pool.session,
                   .address = config.advertise_address,
                   .heartbeat = settings.Duration("PENSTOCK_ENGINE_HEARTBEAT"),
                   .time_to_live = settings.Duration("PENSTOCK_ENGINE_TIME_TO_LIVE")};
  config.drain = settings.Duration("PENSTOCK_DRAIN_TIMEOUT");
  if (config.leases.time_to_live < 2 * config.leases.heartbeat) {
    return InvalidField("PENSTOCK_ENGINE_TIME_TO_LIVE", "is less than two heartbeats (PENSTOCK_ENGINE_HEARTBEAT): one that comes a little late "
                                                        "would cost an engine its shards");
  }
  return config;
}

}  // namespace penstock::workflow_engine
