#include "services/scheduler/config.h"

#include "libs/auth/service_token.h"
#include "libs/auth/token_keys.h"
#include "libs/config/database.h"
#include "libs/http/admin.h"
#include "libs/postgres/settings.h"
#include "libs/secrets/settings.h"
#include "libs/status/macros.h"

namespace penstock::scheduler {
namespace {

using config::Setting;
using config::Type;

config::Declarations DeclareScheduler() {
  return {
      Setting{.name = "PENSTOCK_ENGINE_ADDRESS",
              .type = Type::kString,
              .default_text = "127.0.0.1:50052",
              .help = "Where workflow-engine listens, host:port or unix:/path.",
              .unit = "address"},
      Setting{.name = "PENSTOCK_SCHEDULE_POLL_INTERVAL",
              .type = Type::kDuration,
              .default_text = "1s",
              .help = "How often to look for what is due when nothing is known to be: as late a "
                      "schedule can be that another process has just made.",
              .minimum = 0.01,
              .maximum = 60},
      Setting{.name = "PENSTOCK_SCHEDULE_MAX_IN_FLIGHT",
              .type = Type::kInt,
              .default_text = "1000",
              .help = "Calls to the engine at once.",
              .unit = "calls",
              .minimum = 1,
              .maximum = 100'000},
      Setting{.name = "PENSTOCK_SCHEDULE_RUN_RETENTION",
              .type = Type::kDuration,
              .default_text = "720h",
              .help = "How long the row of a run stays after its end; the last ten of a schedule "
                      "stay, however old. So long ago a backfill can begin where runs are dropped.",
              .minimum = 3600,
              .maximum = 315'360'000},
      Setting{.name = "PENSTOCK_SCHEDULER_WORKERS",
              .type = Type::kInt,
              .default_text = "4",
              .help = "Threads for calls that wait for the database.",
              .unit = "threads",
              .minimum = 1,
              .maximum = 256},
      Setting{.name = "PENSTOCK_DRAIN_TIMEOUT",
              .type = Type::kDuration,
              .default_text = "10s",
              .help = "How long requests under way may take to finish after SIGTERM.",
              .minimum = 0,
              .maximum = 600},
  };
}

absl::Status CheckDatabase(const config::Environment& environment) {
  ASSIGN_OR_RETURN(const config::Lookup lookup, config::LookupIn(environment));
  return postgres::CheckPoolOptions({postgres::Role::kServer}, lookup);
}

}  // namespace

config::Program DescribeProgram() {
  return {"scheduler", "Starts workflows by time: once for each instant, across replicas.",
          config::Join({DeclareScheduler(), rpc::DeclareServerSettings("0.0.0.0:50053"),
                        http::DeclareAdminSettings("0.0.0.0:9103"), rpc::DeclareChannelSettings(),
                        auth::DeclareServiceKeySettings(), auth::DeclareTokenSettings(),
                        config::DeclareDatabase({"SERVER"}), secrets::DeclareSettings(),
                        log::DeclareSettings()}),
          CheckDatabase};
}

absl::StatusOr<Config> ConfigFrom(const config::Settings& settings,
                                  const config::Environment& environment) {
  Config config;
  config.grpc = rpc::ServerOptionsFrom(settings);
  config.admin_address = settings.String("PENSTOCK_ADMIN_ADDRESS");
  config.log = log::OptionsFrom(settings, "scheduler");
  ASSIGN_OR_RETURN(const config::Lookup lookup, config::LookupIn(environment));
  ASSIGN_OR_RETURN(config.server_pool, postgres::ReadPoolOptions(postgres::Role::kServer, lookup));
  config.service_key =
      std::make_shared<const crypto::Secret>(settings.Secret("PENSTOCK_SERVICE_KEY").Reveal());
  config.token_key_dir = settings.String("PENSTOCK_TOKEN_KEY_DIR");
  config.token_issuer = settings.String("PENSTOCK_TOKEN_ISSUER");
  config.engine = rpc::ChannelOptionsFrom(settings, settings.String("PENSTOCK_ENGINE_ADDRESS"));
  config.firing.poll_interval = settings.Duration("PENSTOCK_SCHEDULE_POLL_INTERVAL");
  config.firing.max_in_flight = static_cast<int>(settings.Int("PENSTOCK_SCHEDULE_MAX_IN_FLIGHT"));
  config.run_retention = settings.Duration("PENSTOCK_SCHEDULE_RUN_RETENTION");
  config.workers = static_cast<int>(settings.Int("PENSTOCK_SCHEDULER_WORKERS"));
  config.drain = settings.Duration("PENSTOCK_DRAIN_TIMEOUT");
  return config;
}

}  // namespace penstock::scheduler
