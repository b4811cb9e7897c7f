#include "tests/harness/pooler.h"

#include <unistd.h>

#include <fstream>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libpq-fe.h"
#include "libs/status/macros.h"
#include "tests/harness/unprivileged_user.h"

namespace penstock::harness {
namespace {

constexpr char kProgram[] = "/usr/sbin/pgbouncer";

}  // namespace

absl::StatusOr<std::unique_ptr<Pooler>> Pooler::Start(const PoolerOptions& options) {
  std::unique_ptr<Pooler> pooler(new Pooler(options));
  RETURN_IF_ERROR(pooler->Configure());
  RETURN_IF_ERROR(pooler->Restart());
  return pooler;
}

absl::Status Pooler::Configure() {
  if (const passwd* user = UnprivilegedUser()) {
    if (chown(options_.directory.c_str(), user->pw_uid, user->pw_gid) != 0) {
      return absl::ErrnoToStatus(errno, options_.directory);
    }
  }
  std::ofstream users(options_.directory + "/users.txt");
  for (const char* user :
       {"postgres", "penstock_owner", "penstock_admin", "penstock_server", "penstock_engine"}) {
    users << fmt::format("\"{}\" \"\"\n", user);
  }
  std::ofstream config(options_.directory + "/pgbouncer.ini");
  config << fmt::format(R"([databases]
* = host={} port=5432

[pgbouncer]
pool_mode = transaction
default_pool_size = {}
unix_socket_dir = {}
listen_port = {}
auth_type = trust
auth_file = {}/users.txt
; A server that comes back is tried again at once, not after the fifteen seconds of the default.
server_login_retry = 0.2
)",
                        options_.server, options_.sessions_a_user, options_.directory, port(),
                        options_.directory);
  return users && config ? absl::OkStatus()
                         : absl::InternalError("can't configure " + options_.directory);
}

absl::Status Pooler::Restart() {
  if (process_) process_->KillTree();
  unlink(fmt::format("{}/.s.PGSQL.{}", options_.directory, port()).c_str());
  Command command{.program = kProgram,
                  .arguments = {options_.directory + "/pgbouncer.ini"},
                  .environment = {{"PATH", "/usr/bin:/bin"}},
                  .log_file = options_.directory + "/pgbouncer.log"};
  if (const passwd* user = UnprivilegedUser()) {
    command.run_as_user = user->pw_uid;
    command.run_as_group = user->pw_gid;
  }
  ASSIGN_OR_RETURN(process_, ChildProcess::Start(command));
  const std::string conninfo =
      fmt::format("host={} port={} user=postgres dbname=postgres", host(), port());
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (PQping(conninfo.c_str()) != PQPING_OK) {
    if (process_->EndsWithin(absl::Milliseconds(10)) || absl::Now() > deadline) {
      return absl::UnavailableError("pgbouncer did not start; see " + command.log_file);
    }
  }
  return absl::OkStatus();
}

}  // namespace penstock::harness
