// An HTTP/1.1 server: keep-alive, pipelined requests answered in order, every buffer, wait and
// count bounded. Plain text: TLS ends at the gateway in front.
//
// A connection lives on one io thread and is touched by no other; answers given elsewhere come back
// through one lock-free list per thread. Nothing on the path of a request takes a lock.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/http/message.h"
#include "libs/http/responder.h"

namespace penstock::http {

struct Limits {
  size_t max_header_bytes =
      16 * 1024;  // request line and headers; past it 431, or 414 when the line alone is too long
  size_t max_headers = 100;         // 431
  size_t max_body_bytes = 1 << 20;  // 413
  size_t max_connections = 10'000;  // past it a connection gets 503 and is closed
  size_t max_in_flight = 10'000;    // requests being handled; past it 503 with Retry-After
  absl::Duration idle_timeout = absl::Seconds(75);  // between requests; closes silently
  absl::Duration header_timeout =
      absl::Seconds(10);  // from a request's first byte to the end of its headers; 408
  absl::Duration body_timeout = absl::Seconds(30);   // from there to the end of its body; 408
  absl::Duration write_timeout = absl::Seconds(30);  // for the peer to take an answer
};

struct ServerOptions {
  std::string address =
      "0.0.0.0:8080";  // "host:port" with a literal address, "[::]:port"; port 0 = any free one
  int threads = 1;
  std::string thread_name = "http";  // up to 12 characters
  Limits limits = {};
};

// Since start. Sums over the io threads; read without stopping them.
struct ServerStats {
  uint64_t requests = 0;       // that reached the handler
  uint64_t malformed = 0;      // refused before that: 400, 408, 413, 414, 417, 431, 501, 505
  uint64_t overloaded = 0;     // refused for max_in_flight or max_connections
  uint64_t responses[6] = {};  // by first digit of the status; [0] unused
  uint64_t abandoned = 0;      // answered after the sender had gone
  int64_t connections = 0;     // open now
  int64_t in_flight = 0;       // now
};

// Called on an io thread; must not block. The Request's memory stays until the Responder answers or
// dies.
using Handler = std::function<void(const Request&, Responder)>;

class Server {
 public:
  // Listens when it returns. UNAVAILABLE when the address is in use, INVALID_ARGUMENT when it is
  // none.
  static absl::StatusOr<std::unique_ptr<Server>> Create(const ServerOptions& options,
                                                        Handler handler);
  virtual ~Server() = default;  // as Stop

  virtual int port() const = 0;
  virtual ServerStats stats() const = 0;

  // Accepts no more, closes idle connections, lets requests in flight finish (Connection: close)
  // until the deadline passes. True when all did. Blocks; not from an io thread.
  virtual bool Drain(absl::Duration at_most) = 0;
  // Closes what is left and joins the threads. Responders still alive may answer afterwards, into
  // nothing.
  virtual void Stop() = 0;
};

}  // namespace penstock::http
