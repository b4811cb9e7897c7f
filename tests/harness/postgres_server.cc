#include "tests/harness/postgres_server.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libpq-fe.h"
#include "libs/status/macros.h"
#include "tests/harness/unprivileged_user.h"

namespace penstock::harness {
namespace {

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin/";

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start(
    const PostgresOptions& options) {
  std::unique_ptr<PostgresServer> server(new PostgresServer(options));
  RETURN_IF_ERROR(server->Initialize());
  RETURN_IF_ERROR(server->Restart());
  return server;
}

PostgresServer::~PostgresServer() {
  if (process_ == nullptr) return;
  process_->Signal(SIGQUIT);  // immediate shutdown: nobody wants the data any more
  if (!process_->EndsWithin(absl::Seconds(5))) Kill();
}

void PostgresServer::Kill() { process_->KillTree(); }

absl::Status PostgresServer::Initialize() {
  if (const passwd* user = UnprivilegedUser()) {
    if (chown(options_.directory.c_str(), user->pw_uid, user->pw_gid) != 0) {
      return absl::ErrnoToStatus(errno, options_.directory);
    }
  }
  RETURN_IF_ERROR(MakeData());
  // By our own hand where the server's user may not read the checkout.
  std::ofstream config(DataDirectory() + "/postgresql.conf", std::ios::app);
  config << std::ifstream(options_.config_file).rdbuf();
  config << fmt::format("\nlisten_addresses = ''\nunix_socket_directories = '{}'\nport = {}\n",
                        options_.directory, port());
  return config ? absl::OkStatus()
                : absl::InternalError(fmt::format("can't configure with {}", options_.config_file));
}

absl::Status PostgresServer::MakeData() {
  if (options_.follows.empty()) {
    return RunToEnd(CommandOf("initdb", {"-D", DataDirectory(), "-U", "postgres", "--auth=trust",
                                         "--encoding=UTF8", "--locale=C.UTF-8"}),
                    absl::Seconds(60));
  }
  return RunToEnd(
      CommandOf("pg_basebackup", {"-D", DataDirectory(), "-h", options_.follows, "-p",
                                  fmt::format("{}", port()), "-U", "postgres", "--checkpoint=fast",
                                  "--wal-method=stream", "--write-recovery-conf"}),
      absl::Seconds(60));
}

absl::Status PostgresServer::Stop() {
  process_->Signal(SIGINT);
  return process_->Wait(absl::Seconds(30)).status();
}

absl::Status PostgresServer::Promote() {
  return RunToEnd(CommandOf("pg_ctl", {"promote", "-D", DataDirectory(), "--wait"}),
                  absl::Seconds(60));
}

absl::Status PostgresServer::Restart() {
  process_.reset();
  absl::Time deadline = absl::Now() + absl::Seconds(60);
  ASSIGN_OR_RETURN(process_, ChildProcess::Start(CommandOf("postgres", {"-D", DataDirectory()})));
  std::string conninfo = Conninfo("postgres", "postgres");
  while (PQping(conninfo.c_str()) != PQPING_OK) {
    if (process_->EndsWithin(absl::Milliseconds(10)) || absl::Now() > deadline) {
      return absl::UnavailableError(
          fmt::format("PostgreSQL did not start; see {}/postgres.log", options_.directory));
    }
  }
  return absl::OkStatus();
}

std::string PostgresServer::Conninfo(const std::string& user, const std::string& database,
                                     const std::string& password) const {
  std::string conninfo =
      fmt::format("host={} port={} user={} dbname={}", host(), port(), user, database);
  if (!password.empty()) conninfo += fmt::format(" password={}", password);
  return conninfo;
}

Command PostgresServer::CommandOf(const std::string& program,
                                  std::vector<std::string> arguments) const {
  Command command{.program = kPrograms + program,
                  .arguments = std::move(arguments),
                  .environment = {{"PATH", "/usr/bin:/bin"}, {"LANG", "C.UTF-8"}, {"TZ", "UTC"}},
                  .log_file = options_.directory + "/postgres.log"};
  if (const passwd* user = UnprivilegedUser()) {
    command.run_as_user = user->pw_uid;
    command.run_as_group = user->pw_gid;
  }
  return command;
}

}  // namespace penstock::harness
