// pgbouncer in transaction mode in front of a PostgresServer: every transaction may meet another
// session, and few sessions serve many clients.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tests/harness/child_process.h"

namespace penstock::harness {

struct PoolerOptions {
  std::string directory;    // empty and ours; short, because the socket lies in it
  std::string server;       // the directory of the server's socket
  int sessions_a_user = 3;  // so few that clients can't help sharing them
};

class Pooler {
 public:
  static absl::StatusOr<std::unique_ptr<Pooler>> Start(const PoolerOptions& options);

  // SIGKILL, and starts it again; returns when it answers.
  absl::Status Restart();

  const std::string& host() const { return options_.directory; }  // the socket's directory
  int port() const { return 6432; }                               // names the socket only

 private:
  explicit Pooler(PoolerOptions options) : options_(std::move(options)) {}
  absl::Status Configure();

  PoolerOptions options_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace penstock::harness
