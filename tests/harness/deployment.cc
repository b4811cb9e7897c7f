#include "tests/harness/deployment.h"

#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "fmt/format.h"
#include "libs/auth/testing_token_keys.h"
#include "libs/status/macros.h"
#include "tests/harness/ports.h"

namespace penstock::harness {
namespace {

constexpr char kDatabase[] = "penstock";
constexpr char kPostgresConfig[] = "deploy/dev/postgresql.conf";
// Everything listens on loopback or in our own directory, and the server trusts local users.
constexpr char kPassword[] = "unused-behind-trust";
constexpr char kServiceKey[] = "ZmVlZGZhY2VmZWVkZmFjZWZlZWRmYWNlZmVlZGZhY2U=";
constexpr char kConnectorRootKey[] = "ZGVhZGJlZWZkZWFkYmVlZmRlYWRiZWVmZGVhZGJlZWY=";
constexpr char kRootKey[] = "Y2FmZWJhYmVjYWZlYmFiZWNhZmViYWJlY2FmZWJhYmU=";

absl::Status WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  return file ? absl::OkStatus() : absl::InternalError(fmt::format("can't write {}", path));
}

std::string LastLine(const std::string& path) {
  std::ifstream file(path);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Deployment>> Deployment::Start(const DeploymentOptions& options) {
  std::unique_ptr<Deployment> deployment(new Deployment);
  char path[] = "/tmp/penstock-XXXXXX";
  if (mkdtemp(path) == nullptr) return absl::ErrnoToStatus(errno, path);
  deployment->directory_ = path;
  std::filesystem::permissions(path, std::filesystem::perms(0755));
  std::string database = deployment->directory_ + "/pg";
  std::filesystem::create_directory(database);
  ASSIGN_OR_RETURN(deployment->postgres_, PostgresServer::Start({database, kPostgresConfig}));
  if (options.pooled) {
    std::string pooler = deployment->directory_ + "/pooler";
    std::filesystem::create_directory(pooler);
    ASSIGN_OR_RETURN(deployment->pooler_, Pooler::Start({.directory = pooler, .server = database}));
  }
  RETURN_IF_ERROR(deployment->WriteKeys());
  RETURN_IF_ERROR(deployment->Migrate({}).status());
  RETURN_IF_ERROR(deployment->CreateTenant(deployment->tenant_slug_));
  ASSIGN_OR_RETURN(deployment->api_key_,
                   deployment->CreateApiKey(deployment->tenant_slug_, "owner"));

  deployment->http_port_ = FreePort();
  deployment->interfaces_port_ = FreePort();
  deployment->connector_port_ = FreePort();
  for (int i = 0; i < options.engines; ++i) deployment->engine_ports_.push_back(FreePort());
  // The front door is told of one in any case.
  for (int i = 0; i < std::max(options.schedulers, 1); ++i) {
    deployment->scheduler_ports_.push_back(FreePort());
  }
  for (int i = 0; i < options.engines; ++i) {
    deployment->engines_.push_back(deployment->MakeEngine(i, options.engine_settings));
    RETURN_IF_ERROR(deployment->engines_.back()->Start());
    deployment->clients_.push_back(deployment->CallerWithKey(deployment->api_key_, i));
  }
  deployment->interfaces_ = deployment->MakeInterfaces(options.interfaces_settings);
  RETURN_IF_ERROR(deployment->interfaces_->Start());
  if (options.connectors) {
    deployment->connectors_ = deployment->MakeConnectors(options.connector_settings);
    RETURN_IF_ERROR(deployment->connectors_->Start());
  }
  for (int i = 0; i < options.schedulers; ++i) {
    deployment->schedulers_.push_back(deployment->MakeScheduler(i));
    RETURN_IF_ERROR(deployment->schedulers_.back()->Start());
  }
  return deployment;
}

Deployment::~Deployment() {
  clients_.clear();
  schedulers_.clear();
  interfaces_.reset();
  engines_.clear();
  connectors_.reset();
  pooler_.reset();
  postgres_.reset();
  FailIfLogsTellSecrets();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

absl::StatusOr<std::unique_ptr<PostgresServer>> Deployment::StartStandby() {
  std::string standby = directory_ + "/standby";
  std::filesystem::create_directory(standby);
  return PostgresServer::Start({standby, kPostgresConfig, postgres_->host()});
}

// Whatever a test did, no service may have written one of the keys and passwords it was given, or a
// caller's key, into its log.
void Deployment::FailIfLogsTellSecrets() const {
  std::vector<std::string> secrets = callers_keys_;
  secrets.insert(secrets.end(), {kPassword, kServiceKey, kRootKey, kConnectorRootKey});
  std::error_code gone;
  for (const auto& file : std::filesystem::directory_iterator(directory_, gone)) {
    // penstock-migrate says a new key once: that is its answer.
    if (file.path().extension() != ".log" || file.path().filename() == "migrate.log") continue;
    std::ostringstream text;
    text << std::ifstream(file.path()).rdbuf();
    for (const std::string& secret : secrets) {
      if (text.str().find(secret) == std::string::npos) continue;
      fmt::print(stderr, "{} tells a secret\n", file.path().string());
      std::abort();
    }
  }
}

absl::Status Deployment::WriteKeys() {
  RETURN_IF_ERROR(WriteFile(directory_ + "/service-key", kServiceKey));
  auth::WriteTokenKeys(directory_ + "/token-keys", directory_ + "/token-signing-keys");
  RETURN_IF_ERROR(WriteFile(directory_ + "/connector-root-key", kConnectorRootKey));
  return WriteFile(directory_ + "/root-key", kRootKey);
}

absl::StatusOr<std::string> Deployment::Migrate(const std::vector<std::string>& arguments) {
  std::string output = directory_ + "/migrate.log";
  Environment settings = SharedSettings();
  settings.insert({{"DB_USER_SUPERUSER", "postgres"},
                   {"DB_PASSWORD_SUPERUSER", kPassword},
                   {"DB_USER_OWNER", "penstock_owner"},
                   {"DB_PASSWORD_OWNER", kPassword},
                   {"DB_USER_ADMIN", "penstock_admin"},
                   {"DB_PASSWORD_ADMIN", kPassword},
                   {"DB_USER_ENGINE", "penstock_engine"},
                   {"DB_PASSWORD_ENGINE", kPassword}});
  RETURN_IF_ERROR(RunToEnd({.program = ProgramPath("services/migrate/penstock-migrate"),
                            .arguments = arguments,
                            .environment = settings,
                            .log_file = output},
                           absl::Seconds(60)));
  return LastLine(output);
}

absl::Status Deployment::CreateTenant(const std::string& slug) {
  return Migrate({"create-tenant", "--slug", slug, "--name", slug}).status();
}

absl::StatusOr<std::string> Deployment::CreateApiKey(const std::string& slug,
                                                     const std::string& role) {
  ASSIGN_OR_RETURN(std::string key, Migrate({"create-api-key", "--tenant", slug, "--role", role}));
  callers_keys_.push_back(key);
  return key;
}

absl::StatusOr<std::unique_ptr<Clients>> Deployment::NewCaller(const std::string& tenant_slug,
                                                               const std::string& role,
                                                               int engine) {
  ASSIGN_OR_RETURN(const std::string key, CreateApiKey(tenant_slug, role));
  return CallerWithKey(key, engine);
}

std::unique_ptr<Clients> Deployment::CallerWithKey(const std::string& key, int engine) const {
  return std::make_unique<Clients>(
      Clients::Addresses{.engine = EngineAddress(engine),
                         .interfaces = fmt::format("127.0.0.1:{}", interfaces_port_),
                         .connectors = ConnectorAddress()},
      key);
}

Environment Deployment::SharedSettings() const {
  return {{"PATH", "/usr/bin:/bin"},
          {"DB_HOST", pooler_ ? pooler_->host() : postgres_->host()},
          {"DB_PORT", fmt::format("{}", pooler_ ? pooler_->port() : postgres_->port())},
          {"DB_POOLER", pooler_ ? "transaction" : "none"},
          {"DB_NAME_SERVER", kDatabase},
          {"DB_USER_SERVER", "penstock_server"},
          {"DB_PASSWORD_SERVER", kPassword}};
}

std::unique_ptr<Service> Deployment::MakeEngine(int index, const Environment& extra) {
  Environment settings = SharedSettings();
  int admin_port = FreePort();
  settings.insert({{"DB_USER_ENGINE", "penstock_engine"},
                   {"DB_PASSWORD_ENGINE", kPassword},
                   {"PENSTOCK_SERVICE_KEY_FILE", directory_ + "/service-key"},
                   {"PENSTOCK_TOKEN_KEY_DIR", directory_ + "/token-keys"},
                   {"PENSTOCK_ROOT_KEY_FILE", directory_ + "/root-key"},
                   {"PENSTOCK_CONNECTOR_ADDRESS", ConnectorAddress()},
                   {"PENSTOCK_INTERFACES_ADDRESS", fmt::format("127.0.0.1:{}", interfaces_port_)},
                   {"PENSTOCK_SANDBOX_PATH", ProgramPath("services/sandbox/penstock-sandbox")},
                   {"PENSTOCK_GRPC_ADDRESS", EngineAddress(index)},
                   {"PENSTOCK_ADMIN_ADDRESS", fmt::format("127.0.0.1:{}", admin_port)}});
  for (const auto& [name, value] : extra) settings[name] = value;
  return std::make_unique<Service>("services/workflow_engine/workflow-engine", settings, admin_port,
                                   fmt::format("{}/engine-{}.log", directory_, index));
}

std::unique_ptr<Service> Deployment::MakeInterfaces(const Environment& extra) {
  Environment settings = SharedSettings();
  int admin_port = FreePort();
  settings.insert({{"DB_USER_ADMIN", "penstock_admin"},
                   {"DB_PASSWORD_ADMIN", kPassword},
                   {"PENSTOCK_SERVICE_KEY_FILE", directory_ + "/service-key"},
                   {"PENSTOCK_TOKEN_KEY_DIR", directory_ + "/token-keys"},
                   {"PENSTOCK_TOKEN_SIGNING_KEY_DIR", directory_ + "/token-signing-keys"},
                   {"PENSTOCK_MAIL_TRANSPORT", "file"},
                   {"PENSTOCK_MAIL_DIRECTORY", mail_directory()},
                   {"PENSTOCK_CONNECTOR_ADDRESS", ConnectorAddress()},
                   {"PENSTOCK_SCHEDULER_ADDRESS", SchedulerAddress(0)},
                   {"PENSTOCK_ENGINE_ADDRESS", EngineAddress(0)},
                   {"PENSTOCK_HTTP_ADDRESS", fmt::format("127.0.0.1:{}", http_port_)},
                   {"PENSTOCK_GRPC_ADDRESS", fmt::format("127.0.0.1:{}", interfaces_port_)},
                   {"PENSTOCK_ADMIN_ADDRESS", fmt::format("127.0.0.1:{}", admin_port)}});
  for (const auto& [name, value] : extra) settings[name] = value;
  return std::make_unique<Service>("services/interfaces/interfaces-service", settings, admin_port,
                                   directory_ + "/interfaces.log");
}

std::unique_ptr<Service> Deployment::MakeConnectors(const Environment& extra) {
  Environment settings = SharedSettings();
  int admin_port = FreePort();
  settings.insert({{"DB_USER_ADMIN", "penstock_admin"},
                   {"DB_PASSWORD_ADMIN", kPassword},
                   {"PENSTOCK_SERVICE_KEY_FILE", directory_ + "/service-key"},
                   {"PENSTOCK_TOKEN_KEY_DIR", directory_ + "/token-keys"},
                   {"PENSTOCK_CONNECTOR_ROOT_KEY_FILE", directory_ + "/connector-root-key"},
                   {"PENSTOCK_CONNECTOR_SPOOL_KEY_FILE", directory_ + "/connector-root-key"},
                   {"PENSTOCK_CONNECTOR_SPOOL_DIR", directory_ + "/spool"},
                   {"PENSTOCK_PUBLIC_URL", fmt::format("http://127.0.0.1:{}", http_port_)},
                   {"PENSTOCK_INTERFACES_ADDRESS", fmt::format("127.0.0.1:{}", interfaces_port_)},
                   // Third parties of tests are on this machine.
                   {"PENSTOCK_EGRESS_ALLOW", "127.0.0.1:1024-65535"},
                   {"PENSTOCK_EGRESS_PLAIN_HTTP", "true"},
                   {"PENSTOCK_GRPC_ADDRESS", ConnectorAddress()},
                   {"PENSTOCK_ADMIN_ADDRESS", fmt::format("127.0.0.1:{}", admin_port)}});
  for (const auto& [name, value] : extra) settings[name] = value;
  return std::make_unique<Service>("services/connector/connector-service", settings, admin_port,
                                   directory_ + "/connectors.log");
}

std::string Deployment::ConnectorAddress() const {
  return fmt::format("127.0.0.1:{}", connector_port_);
}

std::unique_ptr<Service> Deployment::MakeScheduler(int index) {
  Environment settings = SharedSettings();
  int admin_port = FreePort();
  settings.insert({{"PENSTOCK_SERVICE_KEY_FILE", directory_ + "/service-key"},
                   {"PENSTOCK_TOKEN_KEY_DIR", directory_ + "/token-keys"},
                   {"PENSTOCK_ENGINE_ADDRESS", EngineAddress(0)},
                   {"PENSTOCK_GRPC_ADDRESS", SchedulerAddress(index)},
                   {"PENSTOCK_ADMIN_ADDRESS", fmt::format("127.0.0.1:{}", admin_port)}});
  return std::make_unique<Service>("services/scheduler/scheduler", settings, admin_port,
                                   fmt::format("{}/scheduler-{}.log", directory_, index));
}

std::string Deployment::SchedulerAddress(int index) const {
  return fmt::format("127.0.0.1:{}", scheduler_ports_[index]);
}

std::string Deployment::EngineAddress(int index) const {
  return fmt::format("127.0.0.1:{}", engine_ports_[index]);
}

std::string Deployment::WebhookUrl(const std::string& action, const std::string& trigger) const {
  return fmt::format("http://127.0.0.1:{}/webhooks/{}/{}/{}", http_port_, tenant_slug_, trigger,
                     action);
}

}  // namespace penstock::harness
