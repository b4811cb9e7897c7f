#include "services/workflow_engine/ingress/routes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "libs/log/log.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/route_queries.h"
#include "services/workflow_engine/ingress/signing_secrets.h"
#include "services/workflow_engine/storage/triggers.h"

namespace penstock::workflow_engine {
namespace {

constexpr absl::Duration kForgetAfter = absl::Minutes(10);

SignatureRule ParseSignature(const Json& config) {
  SignatureRule rule;
  bool standard = config.value("scheme", "") == "standard_webhooks";
  rule.scheme = standard ? SignatureRule::Scheme::kStandardWebhooks : SignatureRule::Scheme::kHmacSha256;
  const Json& secret = config.at("secret");
  if (secret.is_array()) {
    rule.secrets = secret.get<std::vector<std::string>>();
  } else {
    rule.secrets = {secret.get<std::string>()};
  }
  rule.tolerance = absl::Seconds(config.value("tolerance_seconds", 300));
  rule.header = absl::AsciiStrToLower(config.value("header", std::string()));
  rule.prefix = config.value("prefix", std::string());
  rule.base64 = config.value("encoding", "hex") == "base64";
  return rule;
}

DedupeRule ParseDedupe(const Json& config) {
  DedupeRule rule;
  rule.header = absl::AsciiStrToLower(config.value("header", std::string()));
  rule.name = rule.header.empty() ? "path " + config.value("path", std::string()) : "header " + rule.header;
  if (config.contains("path")) rule.path = json::ParsePath(config["path"].get<std::string>()).value_or(json::Path());
  return rule;
}

// Publishing has checked the config against the trigger's schema.
TriggerRoute ParseRoute(const storage::Route& row) {
  TriggerRoute route{.workflow = row.workflow_id,
                     .version = row.version,
                     .node_id = row.node_id,
                     .trigger_type = row.trigger_type,
                     .action_type = row.action_type};
  std::string respond = row.config.value("respond", "now");
  route.respond = respond == "completed"  ? RespondWhen::kCompleted
                  : respond == "response" ? RespondWhen::kResponse
                                          : RespondWhen::kNow;
  if (row.config.contains("signature")) route.signature = ParseSignature(row.config["signature"]);
  if (row.config.contains("dedupe")) route.dedupe = ParseDedupe(row.config["dedupe"]);
  return route;
}

}  // namespace

std::vector<const TriggerRoute*> TenantRoutes::Match(std::string_view trigger_type, std::string_view action_type) const {
  std::vector<const TriggerRoute*> matching;
  if (trigger_type == kManualTrigger || trigger_type == kScheduleTrigger) return matching;
  for (const TriggerRoute& route : routes) {
    if (route.trigger_type == trigger_type && route.action_type == action_type) matching.push_back(&route);
  }
  return matching;
}

const TriggerRoute* TenantRoutes::ForManualStart(WorkflowId workflow) const {
  const TriggerRoute* chosen = nullptr;
  for (const TriggerRoute& route : routes) {
    if (route.workflow != workflow) continue;
    if (chosen == nullptr || route.trigger_type == kManualTrigger) chosen = &route;
    if (chosen->trigger_type == kManualTrigger) break;
  }
  return chosen;
}

Routes::Routes(postgres::Pool& server_pool, postgres::Pool& engine_pool, const crypto::Sealer& sealer, const Clock& clock, metrics::Registry& registry)
    : pool_(server_pool),
      engine_pool_(engine_pool),
      sealer_(sealer),
      clock_(clock),
      refresh_({.name = "routes", .period = absl::Seconds(1), .run_at_start = false}, [this] { return Refresh(); }, clock, &registry) {}

Routes::~Routes() { refresh_.Stop(); }

std::shared_ptr<const TenantRoutes> Routes::Cached(TenantId tenant) {
  absl::MutexLock lock(&mutex_);
  auto found = entries_.find(tenant);
  if (found == entries_.end()) return nullptr;
  found->second.used = clock_.Now();
  return found->second.routes;
}

absl::StatusOr<std::shared_ptr<const TenantRoutes>> Routes::Get(TenantId tenant) {
  if (auto cached = Cached(tenant)) return cached;
  uint64_t before;
  {
    absl::MutexLock lock(&mutex_);
    before = invalidations_;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const TenantRoutes> routes, Load(tenant));
  absl::MutexLock lock(&mutex_);
  if (before == invalidations_) entries_[tenant] = {routes, clock_.Now()};
  return routes;
}

void Routes::Invalidate(TenantId tenant) {
  absl::MutexLock lock(&mutex_);
  ++invalidations_;
  entries_.erase(tenant);
}

absl::StatusOr<std::shared_ptr<const TenantRoutes>> Routes::Load(TenantId tenant) {
  auto loaded = std::make_shared<TenantRoutes>();
  RETURN_IF_ERROR(postgres::RunInTransaction(pool_, {.tenant = tenant}, [&](postgres::Connection& connection) -> absl::Status {
    *loaded = TenantRoutes();
    // The generation first: a publish in between makes the copy look older than it is, never newer.
    ASSIGN_OR_RETURN(postgres::Result generation, connection.Execute(queries::kLoadRouteGeneration, std::move(postgres::Params().Add(tenant))));
    if (generation.rows() > 0) loaded->generation = generation.Get<int64_t>(0, 0);
    ASSIGN_OR_RETURN(std::vector<storage::Route> rows, storage::LoadRoutes(connection, tenant));
    for (const storage::Route& row : rows) loaded->routes.push_back(ParseRoute(row));
    ASSIGN_OR_RETURN(postgres::Result secrets, connection.Execute(queries::kLoadSigningSecrets, std::move(postgres::Params().Add(tenant))));
    for (int r = 0; r < secrets.rows(); ++r) {
      std::string name = secrets.Get<std::string>(r, 0);
      absl::StatusOr<crypto::Secret> secret = sealer_.Open(secrets.Get<std::string_view>(r, 1), SigningSecretPurpose(tenant, name));
      if (secret.ok()) {
        loaded->secrets.emplace(std::move(name), *std::move(secret));
      } else {
        log::Error("a signing secret does not open", {{"tenant_id", tenant}, {"name", name}, {"status", secret.status()}});
      }
    }
    return absl::OkStatus();
  }));
  std::stable_sort(loaded->routes.begin(), loaded->routes.end(),
                   [](const TriggerRoute& a, const TriggerRoute& b) { return a.workflow < b.workflow; });
  return loaded;
}

absl::Status Routes::Refresh() {
  postgres::Array<Uuid> tenants;
  {
    absl::MutexLock lock(&mutex_);
    absl::Time forget = clock_.Now() - kForgetAfter;
    absl::erase_if(entries_, [forget](const auto& entry) { return entry.second.used < forget; });
    for (const auto& [tenant, entry] : entries_) tenants.Append(tenant.uuid());
  }
  if (tenants.size() == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, engine_pool_.Acquire());
  ASSIGN_OR_RETURN(postgres::Result rows, connection->Execute(queries::kListRouteGenerations, std::move(postgres::Params().Add(tenants))));
  absl::MutexLock lock(&mutex_);
  for (int r = 0; r < rows.rows(); ++r) {
    auto found = entries_.find(rows.Get<TenantId>(r, 0));
    if (found == entries_.end() || found->second.routes->generation == rows.Get<int64_t>(r, 1)) continue;
    entries_.erase(found);
    ++invalidations_;
  }
  return absl::OkStatus();
}

}  // namespace penstock::workflow_engine
