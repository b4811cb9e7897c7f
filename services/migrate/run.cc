#include "services/migrate/run.h"

#include "fmt/format.h"
#include "libs/config/command_line.h"
#include "libs/postgres/conninfo.h"
#include "libs/status/macros.h"
#include "services/migrate/bootstrap/roles.h"

namespace penstock::migrate {
namespace {

using postgres::Connection;
using postgres::Role;

constexpr absl::Duration kConnectTimeout = absl::Seconds(10);
// A database that every cluster has, to make ours from.
constexpr char kMaintenanceDatabase[] = "postgres";

absl::StatusOr<std::unique_ptr<Connection>> Connect(postgres::Conninfo conninfo, postgres::Session session) {
  conninfo["application_name"] = "penstock-migrate";
  return Connection::Open(postgres::ToString(conninfo), kConnectTimeout, session);
}

absl::StatusOr<std::unique_ptr<Connection>> ConnectAs(Role role, const postgres::Lookup& settings) {
  ASSIGN_OR_RETURN(postgres::PoolOptions options, postgres::ReadPoolOptions(role, settings));
  ASSIGN_OR_RETURN(postgres::Conninfo conninfo, postgres::ParseConninfo(options.conninfo));
  return Connect(std::move(conninfo), options.session);
}

absl::Status MakeRolesAndDatabase(const postgres::Lookup& settings) {
  auto password = [&](const char* name) { return settings(name).value_or(""); };
  ASSIGN_OR_RETURN(postgres::PoolOptions options, postgres::ReadPoolOptions(Role::kSuperuser, settings));
  ASSIGN_OR_RETURN(postgres::Conninfo conninfo, postgres::ParseConninfo(options.conninfo));
  const std::string database = conninfo["dbname"];
  conninfo["dbname"] = kMaintenanceDatabase;
  ASSIGN_OR_RETURN(auto superuser, Connect(std::move(conninfo), options.session));
  RETURN_IF_ERROR(EnsureRoles(*superuser, {.owner = password("DB_PASSWORD_OWNER"),
                                           .admin = password("DB_PASSWORD_ADMIN"),
                                           .server = password("DB_PASSWORD_SERVER"),
                                           .engine = password("DB_PASSWORD_ENGINE")}));
  return EnsureDatabase(*superuser, database);
}

std::string Describe(const Report& report, Mode mode) {
  if (report.applied.empty()) return fmt::format("version {}: nothing to do", report.to_version);
  return fmt::format("version {} -> {}{}: {}", report.from_version, report.to_version,
                     mode == Mode::kDryRun ? " (rolled back)" : "", fmt::join(report.applied, ", "));
}

// One function a command.
struct Runner {
  const postgres::Lookup& settings;
  const Clock& clock;

  absl::StatusOr<Output> operator()(const MigrateCommand& command) const {
    if (settings("DB_USER_SUPERUSER") && command.mode == Mode::kApply) {
      RETURN_IF_ERROR(MakeRolesAndDatabase(settings));
    }
    ASSIGN_OR_RETURN(auto owner, ConnectAs(Role::kOwner, settings));
    ASSIGN_OR_RETURN(Report report, Migrate(*owner, EmbeddedMigrations(), command.mode));
    return Output{.result = "", .message = Describe(report, command.mode)};
  }

  absl::StatusOr<Output> operator()(const NewTenant& tenant) const {
    ASSIGN_OR_RETURN(auto admin, ConnectAs(Role::kAdmin, settings));
    ASSIGN_OR_RETURN(TenantIds ids, CreateTenant(*admin, tenant, clock.Now()));
    return Output{.result = ids.tenant.ToString(), .message = ""};
  }

  absl::StatusOr<Output> operator()(const ApiKeyRequest& request) const {
    ASSIGN_OR_RETURN(auto admin, ConnectAs(Role::kAdmin, settings));
    ASSIGN_OR_RETURN(std::string key, CreateApiKey(*admin, request, clock.Now()));
    return Output{.result = key, .message = "the key is not stored and can't be shown again"};
  }

  absl::StatusOr<Output> operator()(const HelpCommand&) const { return Output{HelpText(), ""}; }

  absl::StatusOr<Output> operator()(const VersionCommand&) const {
    return Output{fmt::format("penstock-migrate {} (schema {})", config::kVersion,
                              EmbeddedMigrations().size()),
                  ""};
  }
};

}  // namespace

absl::StatusOr<Output> Run(const Command& command, const postgres::Lookup& settings,
                           const Clock& clock) {
  return std::visit(Runner{settings, clock}, command);
}

}  // namespace penstock::migrate
