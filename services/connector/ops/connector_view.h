// A connector with which of its secrets are there, as it is shown; never a value.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/connector/auth/strategy.h"
#include "services/connector/ops/connector_context.h"

namespace penstock::connector {

struct SecretState {
  SecretField field;
  bool is_set = false;
  std::optional<absl::Time> updated_at = {};
  std::optional<absl::Time> expire_at = {};
};

struct ConnectorView {
  Connector connector;
  std::vector<SecretState> secrets;
};

// In their order. All are the tenant's, whose transaction `connection` is in.
absl::StatusOr<std::vector<ConnectorView>> ViewConnectors(const ConnectorContext& context,
                                                          postgres::Connection& connection,
                                                          TenantId tenant,
                                                          std::vector<Connector> connectors);

}  // namespace penstock::connector
