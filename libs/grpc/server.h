// A gRPC server with health (grpc.health.v1, following Readiness), reflection, TLS by files,
// keepalive and message limits.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server.h"
#include "libs/config/settings.h"
#include "libs/grpc/health.h"
#include "libs/grpc/tls.h"
#include "libs/lifecycle/readiness.h"

namespace penstock::rpc {

struct ServerOptions {
  // "0.0.0.0:50052", "127.0.0.1:0" (any free port), "unix:/run/penstock/engine.sock"; several
  // joined by commas.
  std::string address;
  TlsFiles tls;
  int max_message_bytes = 16 << 20;
  absl::Duration keepalive_time = absl::Minutes(2);
  absl::Duration keepalive_timeout = absl::Seconds(20);
  int max_concurrent_streams = 10'000;  // calls of one connection
};

// PENSTOCK_GRPC_ADDRESS (default as given), PENSTOCK_GRPC_MAX_MESSAGE_BYTES, PENSTOCK_TLS_*_FILE.
config::Declarations DeclareServerSettings(const std::string& default_address);
ServerOptions ServerOptionsFrom(const config::Settings& settings);

class Server {
 public:
  // Listens and serves at once; health says SERVING only while `readiness` is ready. `services` and
  // `readiness` outlive the server. INVALID_ARGUMENT when a file can't be read, UNAVAILABLE when an
  // address can't be listened on.
  static absl::StatusOr<std::unique_ptr<Server>> Create(
      const ServerOptions& options, const std::vector<::grpc::Service*>& services,
      lifecycle::Readiness& readiness);
  ~Server();  // as Drain(0)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Takes no new calls, lets running ones finish for `grace`, cancels the rest, and returns when
  // all are done. Long streams do not end by themselves: call Serving::StartDrain first.
  void Drain(absl::Duration grace);

  // The port listened on by the first address; 0 or 1 (gRPC's way to say it listens) for a unix
  // socket.
  int port() const { return port_; }

 private:
  explicit Server(lifecycle::Readiness& readiness) : health_(readiness) {}
  HealthService health_;
  std::unique_ptr<::grpc::Server> server_;
  int port_ = 0;
};

}  // namespace penstock::rpc
