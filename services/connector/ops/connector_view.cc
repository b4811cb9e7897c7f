#include "services/connector/ops/connector_view.h"

#include <algorithm>
#include <utility>

#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

std::vector<SecretState> StatesOf(const AuthStrategy& strategy, const Connector& connector,
                                  const std::vector<FieldInfo>& there) {
  std::vector<SecretState> states;
  for (SecretField& field : strategy.secret_fields(Json::parse(connector.auth_config))) {
    SecretState state{.field = std::move(field)};
    const auto found = std::ranges::find(there, state.field.name, &FieldInfo::name);
    if (found != there.end()) {
      state.is_set = true;
      state.updated_at = found->updated_at;
      state.expire_at = found->expire_at;
    }
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace

absl::StatusOr<std::vector<ConnectorView>> ViewConnectors(const ConnectorContext& context,
                                                          postgres::Connection& connection,
                                                          TenantId tenant,
                                                          std::vector<Connector> connectors) {
  std::vector<Uuid> ids;
  for (const Connector& connector : connectors) ids.push_back(connector.id.uuid());
  ASSIGN_OR_RETURN(const FieldsByOwner there,
                   context.credentials.FieldsOfConnectors(connection, tenant, ids));
  std::vector<ConnectorView> views;
  for (Connector& connector : connectors) {
    ConnectorView view;
    const auto found = there.find(connector.id.uuid());
    if (const AuthStrategy* strategy = context.strategies.Find(connector.auth_type)) {
      view.secrets = StatesOf(*strategy, connector,
                              found == there.end() ? std::vector<FieldInfo>() : found->second);
    }
    view.connector = std::move(connector);
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace penstock::connector
