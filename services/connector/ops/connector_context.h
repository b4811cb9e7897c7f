// What operations on connectors work with, and whose connectors a caller sees.
#pragma once

#include <string>

#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/egress/guard.h"
#include "libs/postgres/pool.h"
#include "services/connector/auth/registry.h"
#include "services/connector/credentials/credential_store.h"
#include "services/connector/domain/connector.h"
#include "services/connector/providers/ops/providers.h"
#include "services/connector/storage/connectors.h"

namespace penstock::connector {

// Owned by App; all outlive it.
struct ConnectorContext {
  postgres::Pool& pool;
  const AuthStrategies& strategies;
  const ProviderContext& providers;
  CredentialStore& credentials;
  const Clock& clock;
  egress::PlainHttp plain_http = egress::PlainHttp::kRefused;
  // Whether there is a Vault for tenants' secrets.
  bool has_vault = false;
};

inline postgres::Scope ScopeOf(const auth::CallContext& caller) {
  return {caller.tenant, caller.user, std::string(auth::RoleName(caller.role))};
}

inline CredentialOwner OwnerOf(const Connector& connector) {
  return {connector.tenant, OwnerKind::kConnector, connector.id.uuid()};
}

// NOT_FOUND when there is no such connector for this caller: also one of another tenant, or outside
// the project that the caller's key is limited to.
absl::StatusOr<Connector> FindConnector(postgres::Connection& connection,
                                        const auth::CallContext& caller, ConnectorId id,
                                        storage::Lock lock);

}  // namespace penstock::connector
