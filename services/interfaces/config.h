// Every setting of interfaces-service.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/config/command_line.h"
#include "libs/config/environment.h"
#include "libs/config/settings.h"
#include "libs/crypto/secret.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/server.h"
#include "libs/http/server.h"
#include "libs/log/sink.h"
#include "libs/mail/settings.h"
#include "libs/postgres/pool.h"
#include "services/interfaces/domain/login_throttle.h"
#include "services/interfaces/front_door/cors.h"

namespace penstock::interfaces {

struct Config {
  http::ServerOptions http;
  rpc::ServerOptions grpc;
  std::string admin_address;
  log::Options log;
  postgres::PoolOptions server_pool;
  // Makes and removes tenants, and nothing else.
  postgres::PoolOptions admin_pool;
  std::shared_ptr<const crypto::Secret> service_key;
  std::string token_key_dir, token_signing_key_dir, token_issuer = "penstock";
  absl::Duration access_token_lifetime = absl::Minutes(10);
  absl::Duration session_lifetime = absl::Hours(30 * 24);
  // How many passwords are looked at at once, at 64 MiB each.
  int password_threads = 2;
  LoginThrottle::Options login_throttle;
  rpc::ChannelOptions engine, connectors, scheduler;
  CorsPolicy cors;
  mail::Options mail;
  int workers = 4;
  int64_t webhook_rate_limit = 0;
  absl::Duration webhook_wait_timeout = absl::Seconds(30);
  absl::Duration drain = absl::Seconds(10);
};

config::Program DescribeProgram();

// INVALID_ARGUMENT with every problem of the settings at once.
absl::StatusOr<Config> ConfigFrom(const config::Settings& settings,
                                  const config::Environment& environment);

}  // namespace penstock::interfaces
