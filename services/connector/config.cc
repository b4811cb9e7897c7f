#include "services/connector/config.h"

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

namespace penstock::connector {
namespace {

constexpr int kAdminConnections = 3;

using config::Setting;
using config::Type;

config::Declarations DeclareConnector() {
  return {
      Setting{.name = "PENSTOCK_ROOT_KEY",
              .type = Type::kSecret,
              .default_text = std::nullopt,
              .help = "The key over the tenants' keys: 32 bytes as base64, or raw in a file."},
      Setting{.name = "PENSTOCK_PREVIOUS_ROOT_KEYS",
              .type = Type::kSecret,
              .default_text = "",
              .help = "Root keys that still open what they sealed, as base64, separated by commas; "
                      "needed until a rotation has replaced them."},
      Setting{.name = "PENSTOCK_CONNECTOR_WORKERS",
              .type = Type::kInt,
              .default_text = "64",
              .help = "Calls worked on at once; one connector gets a quarter at most.",
              .unit = "threads",
              .minimum = 4,
              .maximum = 1024},
      Setting{.name = "PENSTOCK_EGRESS_ALLOW",
              .type = Type::kString,
              .default_text = "",
              .help = "Private targets that connectors may reach: "
                      "\"127.0.0.1:9000-9100,10.1.0.0/16,internal.example\"."},
      Setting{.name = "PENSTOCK_EGRESS_PLAIN_HTTP",
              .type = Type::kBool,
              .default_text = "false",
              .help = "Whether connectors may use http:// as well as https://."},
      Setting{.name = "PENSTOCK_EGRESS_CA_FILE",
              .type = Type::kPath,
              .default_text = "",
              .help = "Certificate authorities to trust in place of the system's, PEM."},
      Setting{.name = "PENSTOCK_DRAIN_TIMEOUT",
              .type = Type::kDuration,
              .default_text = "10s",
              .help = "How long calls under way may take to finish after SIGTERM.",
              .minimum = 0,
              .maximum = 600},
  };
}

absl::Status CheckDatabase(const config::Environment& environment) {
  ASSIGN_OR_RETURN(const config::Lookup lookup, config::LookupIn(environment));
  std::vector<FieldViolation> wrong;
  for (const postgres::Role role : {postgres::Role::kServer, postgres::Role::kAdmin}) {
    const absl::Status status = postgres::ReadPoolOptions(role, lookup).status();
    for (FieldViolation& violation : ViolationsOf(status)) wrong.push_back(std::move(violation));
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

std::shared_ptr<const crypto::Secret> SecretOf(const config::Settings& settings,
                                               const std::string& name) {
  return std::make_shared<const crypto::Secret>(settings.Secret(name).Reveal());
}

}  // namespace

config::Program DescribeProgram() {
  return {"connector-service", "Holds credentials for outside systems, and is all that uses them.",
          config::Join({rpc::DeclareServerSettings("0.0.0.0:50051"),
                        http::DeclareAdminSettings("0.0.0.0:9101"), log::DeclareSettings(),
                        auth::DeclareServiceKeySettings(), auth::DeclareTokenSettings(),
                        config::DeclareDatabase({"SERVER", "ADMIN"}), secrets::DeclareSettings(),
                        DeclareConnector()}),
          CheckDatabase};
}

absl::StatusOr<Config> ConfigFrom(const config::Settings& settings,
                                  const config::Environment& environment) {
  Config config;
  config.grpc = rpc::ServerOptionsFrom(settings);
  config.admin_address = settings.String("PENSTOCK_ADMIN_ADDRESS");
  config.log = log::OptionsFrom(settings, "connector-service");
  ASSIGN_OR_RETURN(const config::Lookup lookup, config::LookupIn(environment));
  ASSIGN_OR_RETURN(config.server_pool, postgres::ReadPoolOptions(postgres::Role::kServer, lookup));
  ASSIGN_OR_RETURN(config.admin_pool, postgres::ReadPoolOptions(postgres::Role::kAdmin, lookup));
  config.admin_pool.min_connections = 0;
  config.admin_pool.max_connections = kAdminConnections;
  config.service_key = SecretOf(settings, "PENSTOCK_SERVICE_KEY");
  config.token_key_dir = settings.String("PENSTOCK_TOKEN_KEY_DIR");
  config.token_issuer = settings.String("PENSTOCK_TOKEN_ISSUER");
  config.root_key = SecretOf(settings, "PENSTOCK_ROOT_KEY");
  config.previous_root_keys = SecretOf(settings, "PENSTOCK_PREVIOUS_ROOT_KEYS");
  config.workers = static_cast<int>(settings.Int("PENSTOCK_CONNECTOR_WORKERS"));
  config.egress_allow = settings.String("PENSTOCK_EGRESS_ALLOW");
  config.egress_ca_file = settings.String("PENSTOCK_EGRESS_CA_FILE");
  if (settings.Bool("PENSTOCK_EGRESS_PLAIN_HTTP")) {
    config.egress_plain_http = egress::PlainHttp::kAllowed;
  }
  config.drain = settings.Duration("PENSTOCK_DRAIN_TIMEOUT");
  return config;
}

}  // namespace penstock::connector
