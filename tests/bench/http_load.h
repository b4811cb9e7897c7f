// Load over HTTP/1.1 from one thread that does as little as it can: it shares the machine with what
// it measures.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/load.h"

namespace penstock::bench {

struct HttpLoad {
  int port = 0;         // of 127.0.0.1
  std::string request;  // the bytes to send, head and body
  int connections = 1;  // kept alive, one request in flight on each

  // Ends when either is reached; what is in flight then is still awaited and counted.
  absl::Duration duration = absl::InfiniteDuration();
  int64_t requests = std::numeric_limits<int64_t>::max();

  // Without a rate each connection sends as soon as it was answered. With one, requests are due at
  // fixed times whatever the answers do, and latency counts from the due time: a stall is charged
  // to every request that it delayed.
  std::optional<double> per_second = std::nullopt;
};

absl::StatusOr<LoadResult> RunHttpLoad(const HttpLoad& load);

// The bytes of a JSON POST.
std::string PostBytes(const std::string& path, const std::string& json);

}  // namespace penstock::bench
