// Every setting of workflow-engine.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/config/command_line.h"
#include "libs/config/settings.h"
#include "libs/crypto/secret.h"
#include "libs/egress/guard.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/server.h"
#include "libs/log/sink.h"
#include "libs/postgres/pool.h"
#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/engine/lease_keeper.h"
#include "services/workflow_engine/engine/shard_group.h"

namespace penstock::workflow_engine {

struct Config {
  rpc::ServerOptions grpc;
  std::string admin_address;
  // Where other engines reach this one; empty = the gRPC address.
  std::string advertise_address;
  // Where connector nodes and steps of Penstock's own workflows run.
  rpc::ChannelOptions connectors, interfaces, self;
  log::Options log;
  postgres::PoolOptions server_pool;
  postgres::PoolOptions engine_pool;
  std::shared_ptr<const crypto::Secret> service_key;
  std::string token_key_dir, token_issuer = "penstock";
  // One of the two; a file may hold raw bytes.
  std::string root_key_file;
  std::shared_ptr<const crypto::Secret> root_key;
  sandbox::PoolOptions sandbox;
  std::string egress_allow;
  bool egress_plain_http = false;
  GroupOptions group;
  int groups = 1;
  int workers = 4;
  LeaseKeeper::Options leases;
  size_t cached_definitions = 1000;
  absl::Duration drain = absl::Seconds(10);
};

config::Program DescribeProgram();

// INVALID_ARGUMENT with every problem of the settings at once.
absl::StatusOr<Config> ConfigFrom(const config::Settings& settings, const config::Environment& environment);

}  // namespace penstock::workflow_engine
