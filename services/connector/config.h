// Every setting of connector-service.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/config/command_line.h"
#include "libs/config/settings.h"
#include "libs/crypto/secret.h"
#include "libs/egress/guard.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/server.h"
#include "libs/log/sink.h"
#include "libs/postgres/pool.h"
#include "services/connector/credentials/secret_source.h"
#include "services/connector/keys/root_keyring.h"
#include "services/connector/oauth/authorizer.h"

namespace penstock::connector {

struct Config {
  rpc::ServerOptions grpc;
  std::string admin_address;
  log::Options log;
  postgres::PoolOptions server_pool;
  // Of the admin role: keys are rotated over all tenants.
  postgres::PoolOptions admin_pool;
  std::shared_ptr<const crypto::Secret> service_key;
  std::string token_key_dir, token_issuer = "penstock";
  RootKeyring root_keys;
  // Null = connectors can't have their secrets in a Vault.
  std::unique_ptr<SecretSource> vault_secrets;
  std::string egress_allow, egress_ca_file;
  egress::PlainHttp egress_plain_http = egress::PlainHttp::kRefused;
  // Where tokens are kept that the database would not take; this process's own.
  std::string spool_dir;
  std::shared_ptr<const crypto::Secret> spool_key;
  AuthorizationOptions authorization;
  rpc::ChannelOptions interfaces;
  int workers = 64;
  absl::Duration drain = absl::Seconds(10);
};

config::Program DescribeProgram();

// INVALID_ARGUMENT with every problem of the settings at once.
absl::StatusOr<Config> ConfigFrom(const config::Settings& settings,
                                  const config::Environment& environment, const Clock& clock);

}  // namespace penstock::connector
