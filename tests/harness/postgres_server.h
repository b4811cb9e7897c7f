// A PostgreSQL server of one's own: durable (fsync on), as the services would have in production,
// and killable. libs/testing's TestPostgres is the quick one for tests that do not care what
// survives a crash.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tests/harness/child_process.h"

namespace penstock::harness {

struct PostgresOptions {
  std::string directory;    // empty and ours; short, because the socket lies in it
  std::string config_file;  // included into postgresql.conf
  // The socket's directory of a running server to copy and then follow as a standby that answers
  // reads; empty = a new cluster.
  std::string follows = {};
};

class PostgresServer {
 public:
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start(const PostgresOptions& options);
  ~PostgresServer();

  // Disconnects everybody and ends in order ("fast shutdown").
  absl::Status Stop();
  // A standby becomes a primary; returns when it takes writes.
  absl::Status Promote();
  // SIGKILL for the postmaster and every backend at the same moment, as in a power cut of the
  // process tree.
  void Kill();
  // Starts it (again); returns when it answers.
  absl::Status Restart();

  const std::string& host() const { return options_.directory; }  // the socket's directory
  int port() const { return 5432; }                               // names the socket only
  pid_t pid() const { return process_->pid(); }
  std::string Conninfo(const std::string& user, const std::string& database,
                       const std::string& password = "") const;

 private:
  explicit PostgresServer(PostgresOptions options) : options_(std::move(options)) {}
  absl::Status Initialize();
  absl::Status MakeData();
  Command CommandOf(const std::string& program, std::vector<std::string> arguments) const;
  std::string DataDirectory() const { return options_.directory + "/data"; }

  PostgresOptions options_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace penstock::harness
