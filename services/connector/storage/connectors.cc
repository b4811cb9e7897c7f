#include "services/connector/storage/connectors.h"

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/connector/storage/call_error_json.h"
#include "services/connector/storage/queries.h"

namespace penstock::connector::storage {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Jsonb;
using postgres::Params;
using postgres::Result;

std::optional<absl::Duration> SecondsFrom(std::optional<double> seconds) {
  if (!seconds) return std::nullopt;
  return absl::Seconds(*seconds);
}

std::optional<double> SecondsOf(std::optional<absl::Duration> duration) {
  if (!duration) return std::nullopt;
  return absl::ToDoubleSeconds(*duration);
}

Connector ReadRow(const Result& rows, int r) {
  using Text = std::optional<std::string>;
  return {.id = rows.Get<ConnectorId>(r, 0),
          .tenant = rows.Get<TenantId>(r, 1),
          .project = rows.Get<std::optional<ProjectId>>(r, 2),
          .name = rows.Get<std::string>(r, 3),
          .display_name = rows.Get<std::string>(r, 4),
          .description = rows.Get<std::string>(r, 5),
          .service_name = rows.Get<std::string>(r, 6),
          // The CHECK constraint lets no other in.
          .type = ParseConnectorType(rows.Get<std::string_view>(r, 7)).value(),
          .auth_type = rows.Get<std::string>(r, 8),
          .auth_config = rows.Get<std::string>(r, 9),
          .base_url = rows.Get<std::string>(r, 10),
          .allowed_hosts = rows.Get<std::vector<std::string>>(r, 11),
          .secret_storage = rows.Get<std::string_view>(r, 12) == "vault" ? SecretStorage::kVault
                                                                         : SecretStorage::kSealed,
          .grant = rows.Get<std::optional<GrantId>>(r, 13),
          .config_schema = rows.Get<std::string>(r, 14),
          .config_data = rows.Get<std::string>(r, 15),
          .api_spec = rows.Get<Text>(r, 16),
          .scopes = rows.Get<std::vector<std::string>>(r, 17),
          .classifications = rows.Get<std::vector<std::string>>(r, 18),
          .metadata = rows.Get<std::string>(r, 19),
          .test_request = rows.Get<Text>(r, 20),
          .pagination = rows.Get<Text>(r, 21),
          .rate_limit = rows.Get<std::optional<double>>(r, 22),
          .timeout = SecondsFrom(rows.Get<std::optional<double>>(r, 23)),
          .is_active = rows.Get<bool>(r, 24),
          .last_connected_at = rows.Get<std::optional<absl::Time>>(r, 25),
          .last_error = CallErrorFrom(rows.Get<Text>(r, 26)),
          .version = rows.Get<int64_t>(r, 27),
          .created_at = rows.Get<absl::Time>(r, 28),
          .updated_at = rows.Get<absl::Time>(r, 29)};
}

Array<std::string_view> TextsOf(const std::vector<std::string>& texts) {
  Array<std::string_view> array;
  for (const std::string& text : texts) array.Append(text);
  return array;
}

std::optional<Jsonb> JsonOf(const std::optional<std::string>& json) {
  if (!json) return std::nullopt;
  return Jsonb{*json};
}

std::optional<std::string_view> TextOrNull(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string_view> TypeOf(std::optional<ConnectorType> type) {
  if (!type) return std::nullopt;
  return ConnectorTypeName(*type);
}

void AddConfig(Params& params, const Connector& connector) {
  params.Add(Jsonb{connector.auth_config})
      .Add(connector.base_url)
      .Add(TextsOf(connector.allowed_hosts))
      .Add(SecretStorageName(connector.secret_storage))
      .Add(connector.grant)
      .Add(Jsonb{connector.config_schema})
      .Add(Jsonb{connector.config_data})
      .Add(JsonOf(connector.api_spec))
      .Add(TextsOf(connector.scopes))
      .Add(TextsOf(connector.classifications))
      .Add(Jsonb{connector.metadata})
      .Add(JsonOf(connector.test_request))
      .Add(JsonOf(connector.pagination))
      .Add(connector.rate_limit)
      .Add(SecondsOf(connector.timeout))
      .Add(connector.is_active);
}

void AddFilter(Params& params, const ConnectorFilter& filter) {
  params.Add(filter.project)
      .Add(TextOrNull(filter.service_name))
      .Add(TypeOf(filter.type))
      .Add(filter.is_active);
}

}  // namespace

absl::Status InsertConnector(Connection& connection, const Connector& connector, UserId created_by,
                             const CreateRequest& request) {
  std::optional<postgres::Bytes> hash;
  if (!request.id.empty()) hash = postgres::Bytes{request.hash};
  std::optional<UserId> creator;
  if (!created_by.is_nil()) creator = created_by;
  Params params;
  params.Add(connector.tenant)
      .Add(connector.id)
      .Add(connector.project)
      .Add(connector.name)
      .Add(connector.display_name)
      .Add(connector.description)
      .Add(connector.service_name)
      .Add(ConnectorTypeName(connector.type))
      .Add(connector.auth_type);
  AddConfig(params, connector);
  params.Add(creator).Add(request.id).Add(hash);
  return connection.Execute(kInsertConnector, params).status();
}

absl::StatusOr<std::optional<ConnectorOfRequest>> FindConnectorByRequest(
    Connection& connection, TenantId tenant, const std::string& request_id) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kFindConnectorByRequest,
                                                         Params().Add(tenant).Add(request_id)));
  if (rows.rows() == 0) return std::optional<ConnectorOfRequest>();
  return std::optional<ConnectorOfRequest>(
      {rows.Get<ConnectorId>(0, 0), rows.Get<std::string>(0, 1)});
}

absl::StatusOr<Connector> LoadConnector(Connection& connection, TenantId tenant, ConnectorId id,
                                        Lock lock) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(lock == Lock::kNone ? kLoadConnector : kLockConnector,
                                      Params().Add(tenant).Add(id)));
  if (rows.rows() == 0) return absl::NotFoundError(fmt::format("no connector {}", id.ToString()));
  return ReadRow(rows, 0);
}

absl::StatusOr<std::optional<ConnectorId>> FindConnectorByName(Connection& connection,
                                                               TenantId tenant,
                                                               const std::string& name,
                                                               std::optional<ProjectId> project) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(kFindConnectorByName, Params().Add(tenant).Add(name).Add(project)));
  if (rows.rows() == 0) return std::optional<ConnectorId>();
  return std::optional<ConnectorId>(rows.Get<ConnectorId>(0, 0));
}

absl::StatusOr<std::vector<Connector>> ListConnectors(Connection& connection, TenantId tenant,
                                                      const ConnectorFilter& filter,
                                                      std::optional<ConnectorId> before,
                                                      int limit) {
  Params params;
  params.Add(tenant).Add(before).Add(int64_t{limit});
  AddFilter(params, filter);
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kListConnectors, params));
  std::vector<Connector> connectors;
  for (int r = 0; r < rows.rows(); ++r) connectors.push_back(ReadRow(rows, r));
  return connectors;
}

absl::StatusOr<int64_t> CountConnectors(Connection& connection, TenantId tenant,
                                        const ConnectorFilter& filter) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kCountConnectors, params));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<std::vector<Connector>> ListConnectorsOfType(Connection& connection, TenantId tenant,
                                                            ConnectorType type,
                                                            std::optional<ProjectId> project) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(kListConnectorsOfType,
                         Params().Add(tenant).Add(ConnectorTypeName(type)).Add(project)));
  std::vector<Connector> connectors;
  for (int r = 0; r < rows.rows(); ++r) {
    connectors.push_back({.id = rows.Get<ConnectorId>(r, 0),
                          .tenant = tenant,
                          .name = rows.Get<std::string>(r, 1),
                          .display_name = rows.Get<std::string>(r, 2),
                          .service_name = rows.Get<std::string>(r, 3),
                          .type = type});
  }
  return connectors;
}

absl::Status UpdateConnector(Connection& connection, const Connector& connector) {
  Params params;
  params.Add(connector.tenant)
      .Add(connector.id)
      .Add(connector.display_name)
      .Add(connector.description);
  AddConfig(params, connector);
  return connection.Execute(kUpdateConnector, params).status();
}

absl::Status TouchConnector(Connection& connection, TenantId tenant, ConnectorId id) {
  return connection.Execute(kTouchConnector, Params().Add(tenant).Add(id)).status();
}

absl::Status DeleteConnector(Connection& connection, TenantId tenant, ConnectorId id) {
  return connection.Execute(kDeleteConnector, Params().Add(tenant).Add(id)).status();
}

absl::Status NoteSuccess(Connection& connection, TenantId tenant, ConnectorId id) {
  return connection.Execute(kNoteSuccess, Params().Add(tenant).Add(id)).status();
}

absl::Status NoteFailure(Connection& connection, TenantId tenant, ConnectorId id,
                         const CallError& error) {
  const std::string json = ToJson(error);
  return connection.Execute(kNoteFailure, Params().Add(tenant).Add(id).Add(Jsonb{json})).status();
}

absl::StatusOr<bool> HasProject(Connection& connection, TenantId tenant, ProjectId project) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kFindProject, Params().Add(tenant).Add(project)));
  return rows.rows() > 0;
}

}  // namespace penstock::connector::storage
