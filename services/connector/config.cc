#include "services/connector/config.h"

#include <map>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/auth/service_token.h"
#include "libs/auth/token_keys.h"
#include "libs/config/database.h"
#include "libs/egress/url.h"
#include "libs/http/admin.h"
#include "libs/postgres/settings.h"
#include "libs/secrets/settings.h"
#include "libs/secrets/vault/kv_document.h"
#include "libs/secrets/vault/open.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/credentials/vault_source.h"
#include "services/connector/keys/settings.h"

namespace penstock::connector {
namespace {

constexpr int kAdminConnections = 3;
constexpr char kReturnAddresses[] = "PENSTOCK_OAUTH_RETURN_ADDRESSES";
constexpr char kVaultMount[] = "PENSTOCK_CONNECTOR_VAULT_MOUNT";
constexpr absl::Duration kVaultPatience = absl::Seconds(10);

using config::Setting;
using config::Type;

config::Declarations DeclareConnector() {
  return {
      Setting{.name = kVaultMount,
              .type = Type::kString,
              .default_text = "",
              .help = "Mount of the KV version 2 engine with secrets of connectors that say so, at "
                      "tenant/{tenant}/connector/{id}; empty = none. Takes VAULT_*."},
      Setting{.name = "PENSTOCK_PUBLIC_URL",
              .type = Type::kString,
              .default_text = "http://127.0.0.1:8080",
              .help = "Where browsers find the front door; providers send them back to "
                      "{it}/oauth/callback/{provider}."},
      Setting{.name = kReturnAddresses,
              .type = Type::kString,
              .default_text = "",
              .help = "Where browsers go after consent, as id=url pairs separated by commas; "
                      "StartAuthorization names one by its id."},
      Setting{.name = "PENSTOCK_INTERFACES_ADDRESS",
              .type = Type::kString,
              .default_text = "127.0.0.1:50054",
              .help = "Where interfaces-service listens, host:port or unix:/path; it calls what "
                      "project connectors lead to.",
              .unit = "address"},
      Setting{.name = "PENSTOCK_CONNECTOR_SPOOL_DIR",
              .type = Type::kPath,
              .default_text = "/var/lib/penstock/connector-spool",
              .help = "Where tokens are kept, sealed, that a provider gave and the database would "
                      "not take; of this process alone, and on a disk that outlives it."},
      Setting{.name = "PENSTOCK_CONNECTOR_SPOOL_KEY",
              .type = Type::kSecret,
              .default_text = std::nullopt,
              .help = "Seals what is in the spool: 32 bytes as base64, or raw in a file; the same "
                      "for as long as there is something in it."},
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
  return postgres::CheckPoolOptions({postgres::Role::kServer, postgres::Role::kAdmin}, lookup);
}

// "app=https://app.example/connected,admin=https://admin.example/"
absl::StatusOr<std::map<std::string, std::string>> ReadReturnAddresses(const std::string& text) {
  std::map<std::string, std::string> addresses;
  for (const absl::string_view entry : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(
        absl::StripAsciiWhitespace(entry), absl::MaxSplits('=', 1));
    if (pair.first.empty() || !egress::Url::Parse(pair.second).ok()) {
      return InvalidField(kReturnAddresses, "must be id=url pairs separated by commas");
    }
    addresses.insert(pair);
  }
  return addresses;
}

absl::StatusOr<std::unique_ptr<SecretSource>> OpenVaultSecrets(
    const config::Settings& settings, const config::Environment& environment, const Clock& clock) {
  const std::string mount = settings.String(kVaultMount);
  if (mount.empty()) return nullptr;
  if (const absl::Status status = secrets::vault::CheckPath(mount); !status.ok()) {
    return InvalidField(kVaultMount, std::string(status.message()));
  }
  ASSIGN_OR_RETURN(
      std::unique_ptr<secrets::vault::Session> session,
      secrets::vault::OpenSession(settings, environment, clock, kVaultMount, kVaultPatience));
  return std::make_unique<VaultSource>(
      std::move(session),
      VaultSource::Options{.mount = mount, .name_space = settings.String("VAULT_NAMESPACE")});
}

}  // namespace

config::Program DescribeProgram() {
  return {"connector-service", "Holds credentials for outside systems, and is all that uses them.",
          config::Join({rpc::DeclareServerSettings("0.0.0.0:50051"),
                        http::DeclareAdminSettings("0.0.0.0:9101"), rpc::DeclareChannelSettings(),
                        log::DeclareSettings(),
                        auth::DeclareServiceKeySettings(), auth::DeclareTokenSettings(),
                        config::DeclareDatabase({"SERVER", "ADMIN"}), secrets::DeclareSettings(),
                        DeclareKeySettings(), DeclareConnector()}),
          CheckDatabase};
}

absl::StatusOr<Config> ConfigFrom(const config::Settings& settings,
                                  const config::Environment& environment, const Clock& clock) {
  ASSIGN_OR_RETURN(RootKeyring root_keys, OpenRootKeys(settings, environment, clock));
  Config config{.root_keys = std::move(root_keys)};
  ASSIGN_OR_RETURN(config.vault_secrets, OpenVaultSecrets(settings, environment, clock));
  config.grpc = rpc::ServerOptionsFrom(settings);
  config.admin_address = settings.String("PENSTOCK_ADMIN_ADDRESS");
  config.log = log::OptionsFrom(settings, "connector-service");
  ASSIGN_OR_RETURN(const config::Lookup lookup, config::LookupIn(environment));
  ASSIGN_OR_RETURN(config.server_pool, postgres::ReadPoolOptions(postgres::Role::kServer, lookup));
  ASSIGN_OR_RETURN(config.admin_pool, postgres::ReadPoolOptions(postgres::Role::kAdmin, lookup));
  config.admin_pool.min_connections = 0;
  config.admin_pool.max_connections = kAdminConnections;
  config.service_key =
      std::make_shared<const crypto::Secret>(settings.Secret("PENSTOCK_SERVICE_KEY").Reveal());
  config.token_key_dir = settings.String("PENSTOCK_TOKEN_KEY_DIR");
  config.token_issuer = settings.String("PENSTOCK_TOKEN_ISSUER");
  config.spool_dir = settings.String("PENSTOCK_CONNECTOR_SPOOL_DIR");
  config.spool_key = std::make_shared<const crypto::Secret>(
      settings.Secret("PENSTOCK_CONNECTOR_SPOOL_KEY").Reveal());
  config.authorization.public_url = settings.String("PENSTOCK_PUBLIC_URL");
  ASSIGN_OR_RETURN(config.authorization.return_addresses,
                   ReadReturnAddresses(settings.String(kReturnAddresses)));
  config.interfaces =
      rpc::ChannelOptionsFrom(settings, settings.String("PENSTOCK_INTERFACES_ADDRESS"));
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
