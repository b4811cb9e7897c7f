#include "services/connector/ops/known_connectors.h"

#include <utility>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/grant_store.h"
#include "services/connector/ops/provider_signals.h"

namespace penstock::connector {
namespace {

bool WaitsForGrant(const KnownConnector& known) {
  if (known.strategy->token_need(known.config) != TokenNeed::kGrant) return false;
  const bool is_where_token_says = known.provider && !known.provider->base_url_from_token().empty();
  return !known.connector.grant || is_where_token_says;
}

// A connector is checked when it is stored; what then doesn't fit was stored by another release.
absl::Status Unusable(const absl::Status& status) {
  return WithReason(
      absl::FailedPreconditionError(fmt::format("the connector can't be used as it is stored: {}",
                                                std::string(status.message()))),
      "CONNECTOR_UNUSABLE");
}

}  // namespace

absl::StatusOr<std::shared_ptr<const KnownConnector>> KnownConnectors::Get(
    const auth::CallContext& caller, ConnectorId id) {
  const absl::Time now = context_.clock.Now();
  const Key key{caller.tenant, id};
  std::shared_ptr<const KnownConnector> known = connectors_.Find(key, now).value_or(nullptr);
  if (known == nullptr) {
    const int64_t generation = connectors_.generation();
    ASSIGN_OR_RETURN(known, Read(caller, id));
    // One that waits for consent is looked at anew each time: what comes next is a call that works.
    if (!WaitsForGrant(*known)) connectors_.Put(key, known, known->read_at, generation);
  }
  if (!MaySee(caller, known->connector)) {
    return absl::NotFoundError(fmt::format("no connector {}", id.ToString()));
  }
  return known;
}

absl::StatusOr<ConnectorId> KnownConnectors::Find(const auth::CallContext& caller,
                                                  const std::string& name) {
  const absl::Time now = context_.clock.Now();
  const Name key{caller.tenant, caller.project.value_or(ProjectId()), name};
  if (const std::optional<ConnectorId> known = names_.Find(key, now)) return *known;
  const int64_t generation = names_.generation();
  ASSIGN_OR_RETURN(const std::optional<ConnectorId> found,
                   postgres::RunInTransactionReturning<std::optional<ConnectorId>>(
                       context_.pool, ScopeOf(caller), [&](postgres::Connection& connection) {
                         return storage::FindConnectorByName(connection, caller.tenant, name,
                                                             caller.project);
                       }));
  if (!found) return absl::NotFoundError(fmt::format("no connector \"{}\"", name));
  names_.Put(key, *found, now, generation);
  return *found;
}

void KnownConnectors::Forget(TenantId tenant, ConnectorId id) {
  connectors_.Forget({tenant, id});
  // What is new may be meant by a name that meant another one before.
  names_.ForgetIf([&](const Name& name) { return std::get<TenantId>(name) == tenant; });
}

absl::StatusOr<std::shared_ptr<const KnownConnector>> KnownConnectors::Read(
    const auth::CallContext& caller, ConnectorId id) const {
  const absl::Time now = context_.clock.Now();
  ASSIGN_OR_RETURN(Connector connector,
                   postgres::RunInTransactionReturning<Connector>(
                       context_.pool, ScopeOf(caller), [&](postgres::Connection& connection) {
                         return FindConnector(connection, caller, id, storage::Lock::kNone);
                       }));
  const AuthStrategy* strategy = context_.strategies.Find(connector.auth_type);
  if (strategy == nullptr) return Unusable(absl::NotFoundError("its auth_type is unknown"));
  std::optional<connector::v1::Provider> provider;
  absl::StatusOr<connector::v1::Provider> found =
      GetProvider(context_.providers, caller, connector.service_name);
  if (found.ok()) {
    provider = *std::move(found);
  } else if (!absl::IsNotFound(found.status())) {
    return found.status();
  }
  ASSIGN_OR_RETURN(const std::string base_url, BaseUrlOf(caller, connector, provider));
  absl::StatusOr<Target> target = Target::Create(base_url, connector.allowed_hosts);
  if (!target.ok()) return Unusable(target.status());
  ResponseSignals signals = provider ? SignalsOf(*provider) : ResponseSignals();
  Json config = Json::parse(connector.auth_config);
  Json data = Json::parse(connector.config_data);
  return std::make_shared<const KnownConnector>(KnownConnector{.connector = std::move(connector),
                                                               .strategy = strategy,
                                                               .config = std::move(config),
                                                               .data = std::move(data),
                                                               .target = *std::move(target),
                                                               .provider = std::move(provider),
                                                               .signals = std::move(signals),
                                                               .read_at = now});
}

absl::StatusOr<std::string> KnownConnectors::BaseUrlOf(
    const auth::CallContext& caller, const Connector& connector,
    const std::optional<connector::v1::Provider>& provider) const {
  if (!provider || provider->base_url_from_token().empty() || !connector.grant) {
    return connector.base_url;
  }
  ASSIGN_OR_RETURN(const Grant grant,
                   postgres::RunInTransactionReturning<Grant>(
                       context_.pool, ScopeOf(caller), [&](postgres::Connection& connection) {
                         return storage::LoadGrant(connection, connector.tenant, *connector.grant,
                                                   storage::GrantLock::kNone);
                       }));
  // Checked against the hosts that the config allows when the token came.
  const Json values = Json::parse(grant.from_token);
  return values.value(provider->base_url_from_token(), connector.base_url);
}

}  // namespace penstock::connector
