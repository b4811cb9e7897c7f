// Penstock as it would be deployed: a durable PostgreSQL, migrated; engines with their sandboxes;
// interfaces-service, connector-service where it is asked for; one tenant with a key. All are real
// programs in processes of their own, each of which can be killed and started again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/harness/clients.h"
#include "tests/harness/pooler.h"
#include "tests/harness/postgres_server.h"
#include "tests/harness/service.h"

namespace penstock::harness {

struct DeploymentOptions {
  int engines = 1;
  // Whether everything reaches the database through a pooler in transaction mode.
  bool pooled = false;
  // Whether there is a connector-service.
  bool connectors = false;
  // Settings on top of those a deployment needs; the same for every engine.
  Environment engine_settings = {};
  Environment interfaces_settings = {};
  Environment connector_settings = {};
  // Schedulers, which use the first engine; most tests need none.
  int schedulers = 0;
};

class Deployment {
 public:
  static absl::StatusOr<std::unique_ptr<Deployment>> Start(const DeploymentOptions& options = {});
  ~Deployment();

  PostgresServer& postgres() { return *postgres_; }
  Pooler& pooler() { return *pooler_; }
  // A standby of the database, by streaming replication. Ends with its owner, not with this.
  absl::StatusOr<std::unique_ptr<PostgresServer>> StartStandby();
  Service& engine(int index = 0) { return *engines_[index]; }
  Service& interfaces() { return *interfaces_; }
  Service& connectors() { return *connectors_; }
  Service& scheduler(int index = 0) { return *schedulers_[index]; }
  Clients& clients(int engine = 0) { return *clients_[engine]; }
  // A caller of another tenant, or of this one with another role.
  absl::StatusOr<std::unique_ptr<Clients>> NewCaller(const std::string& tenant_slug,
                                                     const std::string& role, int engine = 0);
  std::unique_ptr<Clients> CallerWithKey(const std::string& key, int engine = 0) const;
  absl::Status CreateTenant(const std::string& slug);

  int engines() const { return static_cast<int>(engines_.size()); }
  int schedulers() const { return static_cast<int>(schedulers_.size()); }
  const std::string& tenant_slug() const { return tenant_slug_; }
  const std::string& api_key() const { return api_key_; }
  const std::string& directory() const { return directory_; }
  // Where the services' mail goes, a file each.
  std::string mail_directory() const { return directory_ + "/mail"; }
  int http_port() const { return http_port_; }
  int interfaces_port() const { return interfaces_port_; }
  std::string EngineAddress(int index = 0) const;
  std::string SchedulerAddress(int index = 0) const;
  std::string WebhookUrl(const std::string& action, const std::string& trigger = "webhook") const;
  // A superuser's connection string: sees every tenant's rows.
  std::string DatabaseConninfo() const { return postgres_->Conninfo("postgres", "penstock"); }

 private:
  Deployment() = default;
  absl::Status WriteKeys();
  void FailIfLogsTellSecrets() const;
  absl::StatusOr<std::string> Migrate(const std::vector<std::string>& arguments);
  absl::StatusOr<std::string> CreateApiKey(const std::string& slug, const std::string& role);
  Environment SharedSettings() const;
  std::unique_ptr<Service> MakeEngine(int index, const Environment& extra);
  std::unique_ptr<Service> MakeInterfaces(const Environment& extra);
  std::unique_ptr<Service> MakeConnectors(const Environment& extra);
  std::string ConnectorAddress() const;
  std::unique_ptr<Service> MakeScheduler(int index);

  std::string directory_;
  std::string tenant_slug_ = "test-client";
  std::string api_key_;
  std::vector<std::string> callers_keys_;
  int http_port_ = 0;
  int interfaces_port_ = 0;
  int connector_port_ = 0;
  std::vector<int> engine_ports_;
  std::vector<int> scheduler_ports_;
  std::unique_ptr<PostgresServer> postgres_;
  std::unique_ptr<Pooler> pooler_;
  std::vector<std::unique_ptr<Service>> engines_;
  std::unique_ptr<Service> interfaces_;
  std::unique_ptr<Service> connectors_;
  std::vector<std::unique_ptr<Service>> schedulers_;
  std::vector<std::unique_ptr<Clients>> clients_;
};

}  // namespace penstock::harness
