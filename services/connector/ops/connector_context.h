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

// A caller who is limited to a project (an API key, a workflow) sees its connectors and those of
// the whole tenant, and changes its own.
bool MaySee(const auth::CallContext& caller, const Connector& connector);

// NOT_FOUND when there is no such connector for this caller. PERMISSION_DENIED (PROJECT_SCOPED_KEY)
// to lock for change what is the whole tenant's.
absl::StatusOr<Connector> FindConnector(postgres::Connection& connection,
                                        const auth::CallContext& caller, ConnectorId id,
                                        storage::Lock lock);

}  // namespace penstock::connector
