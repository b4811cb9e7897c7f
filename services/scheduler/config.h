// Every setting of scheduler.
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
#include "libs/log/sink.h"
#include "libs/postgres/pool.h"
#include "services/scheduler/loops/firing_loop.h"

namespace penstock::scheduler {

struct Config {
  rpc::ServerOptions grpc;
  std::string admin_address;
  log::Options log;
  postgres::PoolOptions server_pool;
  std::shared_ptr<const crypto::Secret> service_key;
  std::string token_key_dir, token_issuer = "penstock";
  rpc::ChannelOptions engine;
  FiringLoop::Options firing;
  absl::Duration run_retention = absl::Hours(24 * 30);
  int workers = 4;
  absl::Duration drain = absl::Seconds(10);
};

config::Program DescribeProgram();

// INVALID_ARGUMENT with every problem of the settings at once.
absl::StatusOr<Config> ConfigFrom(const config::Settings& settings,
                                  const config::Environment& environment);

}  // namespace penstock::scheduler
