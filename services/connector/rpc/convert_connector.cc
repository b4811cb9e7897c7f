#include "services/connector/rpc/convert_connector.h"

#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/json_util.h"
#include "libs/crypto/hash.h"
#include "libs/json/proto_json.h"
#include "libs/request/caller.h"
#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

using google::protobuf::Struct;

constexpr std::string_view kChangeable[] = {
    "display_name",   "description",     "auth_config",   "base_url",     "allowed_hosts",
    "secret_storage", "grant_id",        "config_schema", "config_data",  "api_spec",
    "scopes",         "classifications", "metadata",      "test_request", "pagination",
    "rate_limit",     "timeout",         "is_active"};

absl::Status ReadJson(const Struct& proto, std::string_view field, std::string& json) {
  absl::StatusOr<std::string> text = json::FromProto(proto);
  if (!text.ok()) return InvalidField(field, std::string(text.status().message()));
  json = *std::move(text);
  return absl::OkStatus();
}

std::optional<std::string> MessageJson(bool present, const google::protobuf::Message& message) {
  if (!present) return std::nullopt;
  std::string text;
  // A message that was parsed can be printed.
  if (!google::protobuf::util::MessageToJsonString(message, &text).ok()) return std::nullopt;
  return text;
}

absl::StatusOr<SecretStorage> StorageFrom(int storage) {
  switch (storage) {
    case v1::SECRET_STORAGE_UNSPECIFIED:
    case v1::SECRET_STORAGE_SEALED:
      return SecretStorage::kSealed;
    case v1::SECRET_STORAGE_VAULT:
      return SecretStorage::kVault;
    default:
      return InvalidField("connector.secret_storage", "is none that is known");
  }
}

// What a caller may set, but for type and auth_type.
absl::StatusOr<Connector> ConfigFrom(const auth::CallContext& caller, const v1::Connector& proto) {
  RETURN_IF_ERROR(CheckTenantId(caller, proto.tenant_id(), "connector.tenant_id"));
  Connector connector;
  connector.display_name = proto.display_name();
  connector.description = proto.description();
  connector.base_url = proto.base_url();
  connector.allowed_hosts = {proto.allowed_hosts().begin(), proto.allowed_hosts().end()};
  connector.scopes = {proto.scopes().begin(), proto.scopes().end()};
  connector.classifications = {proto.classifications().begin(), proto.classifications().end()};
  RETURN_IF_ERROR(ReadJson(proto.auth_config(), "connector.auth_config", connector.auth_config));
  RETURN_IF_ERROR(
      ReadJson(proto.config_schema(), "connector.config_schema", connector.config_schema));
  RETURN_IF_ERROR(ReadJson(proto.config_data(), "connector.config_data", connector.config_data));
  RETURN_IF_ERROR(ReadJson(proto.metadata(), "connector.metadata", connector.metadata));
  if (proto.has_api_spec()) {
    RETURN_IF_ERROR(ReadJson(proto.api_spec(), "connector.api_spec", connector.api_spec.emplace()));
  }
  connector.test_request = MessageJson(proto.has_test_request(), proto.test_request());
  connector.pagination = MessageJson(proto.has_pagination(), proto.pagination());
  ASSIGN_OR_RETURN(connector.secret_storage, StorageFrom(proto.secret_storage()));
  ASSIGN_OR_RETURN(connector.grant,
                   ParseOptionalId<GrantId>(proto.grant_id(), "connector.grant_id"));
  if (proto.rate_limit() != 0) connector.rate_limit = proto.rate_limit();
  if (proto.has_timeout()) {
    connector.timeout =
        absl::Seconds(proto.timeout().seconds()) + absl::Nanoseconds(proto.timeout().nanos());
  }
  connector.is_active = proto.is_active();
  return connector;
}

// Everything that was asked for but secrets, so that a repeated call is known.
std::string HashOf(v1::CreateConnectorRequest request) {
  request.clear_secrets();
  request.clear_request_id();
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);  // maps have no order of their own
    request.SerializeToCodedStream(&coded);
  }
  return crypto::Sha256(bytes);
}

v1::ConnectorType TypeToProto(ConnectorType type) {
  switch (type) {
    case ConnectorType::kEmail:
      return v1::CONNECTOR_TYPE_EMAIL;
    case ConnectorType::kSlack:
      return v1::CONNECTOR_TYPE_SLACK;
    case ConnectorType::kDatabase:
      return v1::CONNECTOR_TYPE_DATABASE;
    case ConnectorType::kApi:
      return v1::CONNECTOR_TYPE_API;
    case ConnectorType::kOauth:
      return v1::CONNECTOR_TYPE_OAUTH;
  }
  return v1::CONNECTOR_TYPE_UNSPECIFIED;
}

FieldNames NotEmpty(const v1::Connector& proto) {
  FieldNames set;
  const auto add = [&](bool is_set, const char* name) {
    if (is_set) set.insert(name);
  };
  add(!proto.display_name().empty(), "display_name");
  add(!proto.description().empty(), "description");
  add(proto.has_auth_config(), "auth_config");
  add(!proto.base_url().empty(), "base_url");
  add(!proto.allowed_hosts().empty(), "allowed_hosts");
  add(proto.secret_storage() != v1::SECRET_STORAGE_UNSPECIFIED, "secret_storage");
  add(!proto.grant_id().empty(), "grant_id");
  add(proto.has_config_schema(), "config_schema");
  add(proto.has_config_data(), "config_data");
  add(proto.has_api_spec(), "api_spec");
  add(!proto.scopes().empty(), "scopes");
  add(!proto.classifications().empty(), "classifications");
  add(proto.has_metadata(), "metadata");
  add(proto.has_test_request(), "test_request");
  add(proto.has_pagination(), "pagination");
  add(proto.rate_limit() != 0, "rate_limit");
  add(proto.has_timeout(), "timeout");
  add(proto.is_active(), "is_active");
  return set;
}

absl::Status Unreadable() { return absl::InternalError("the stored connector can't be read"); }

}  // namespace

absl::StatusOr<ConnectorType> TypeFrom(int type, std::string_view field) {
  using enum ConnectorType;
  for (ConnectorType known : {kEmail, kSlack, kDatabase, kApi, kOauth}) {
    if (TypeToProto(known) == type) return known;
  }
  return InvalidField(field, "must be one of EMAIL, SLACK, DATABASE, API and OAUTH");
}

SecretValues SecretsFrom(const google::protobuf::Map<std::string, std::string>& secrets) {
  SecretValues values;
  for (const auto& [name, value] : secrets) values.emplace(name, crypto::Secret(value));
  return values;
}

absl::StatusOr<NewConnector> FromProto(const auth::CallContext& caller,
                                       const v1::CreateConnectorRequest& request) {
  const v1::Connector& proto = request.connector();
  NewConnector asked;
  ASSIGN_OR_RETURN(asked.connector, ConfigFrom(caller, proto));
  Connector& connector = asked.connector;
  connector.is_active = true;
  ASSIGN_OR_RETURN(connector.project,
                   ParseOptionalId<ProjectId>(proto.project_id(), "connector.project_id"));
  connector.name = proto.name();
  connector.service_name = proto.service_name();
  connector.auth_type = proto.auth_type();
  if (proto.type() != v1::CONNECTOR_TYPE_UNSPECIFIED) {
    ASSIGN_OR_RETURN(connector.type, TypeFrom(proto.type(), "connector.type"));
  }
  asked.secrets = SecretsFrom(request.secrets());
  asked.provider_id = request.provider_id();
  asked.variables = {request.variables().begin(), request.variables().end()};
  asked.request_id = request.request_id();
  asked.request_hash = HashOf(request);
  return asked;
}

absl::StatusOr<ConnectorChange> FromProto(const auth::CallContext& caller,
                                          const v1::UpdateConnectorRequest& request) {
  const v1::Connector& proto = request.connector();
  ConnectorChange change;
  ASSIGN_OR_RETURN(change.connector, ConfigFrom(caller, proto));
  ASSIGN_OR_RETURN(change.connector.id, ParseId<ConnectorId>(proto.id(), "connector.id"));
  ASSIGN_OR_RETURN(change.fields,
                   FieldsToChange(request.update_mask(), kChangeable, NotEmpty(proto)));
  change.secrets = SecretsFrom(request.secrets());
  return change;
}

absl::StatusOr<ConnectorQuery> FromProto(const v1::ListConnectorsRequest& request) {
  ConnectorQuery query;
  ASSIGN_OR_RETURN(query.filter.project,
                   ParseOptionalId<ProjectId>(request.project_id(), "project_id"));
  query.filter.service_name = request.service_name();
  if (request.type() != v1::CONNECTOR_TYPE_UNSPECIFIED) {
    ASSIGN_OR_RETURN(query.filter.type, TypeFrom(request.type(), "type"));
  }
  if (request.has_is_active()) query.filter.is_active = request.is_active();
  query.page_size = request.page_size();
  query.page_token = request.page_token();
  return query;
}

v1::CallError ToProto(const CallError& error) {
  v1::CallError proto;
  proto.set_reason(error.reason);
  proto.set_message(error.message);
  proto.set_http_status(error.http_status);
  SetTime(error.at, *proto.mutable_time());
  return proto;
}

absl::StatusOr<v1::Connector> ToProto(const Connector& connector) {
  v1::Connector proto;
  proto.set_id(connector.id.ToString());
  proto.set_tenant_id(connector.tenant.ToString());
  if (connector.project) proto.set_project_id(connector.project->ToString());
  proto.set_name(connector.name);
  proto.set_display_name(connector.display_name);
  proto.set_description(connector.description);
  proto.set_service_name(connector.service_name);
  proto.set_type(TypeToProto(connector.type));
  proto.set_auth_type(connector.auth_type);
  proto.set_base_url(connector.base_url);
  for (const std::string& host : connector.allowed_hosts) proto.add_allowed_hosts(host);
  for (const std::string& scope : connector.scopes) proto.add_scopes(scope);
  for (const std::string& word : connector.classifications) proto.add_classifications(word);
  proto.set_secret_storage(v1::SECRET_STORAGE_SEALED);
  if (connector.secret_storage == SecretStorage::kVault) {
    proto.set_secret_storage(v1::SECRET_STORAGE_VAULT);
    proto.set_vault_path(VaultPathOf(connector.tenant, connector.id));
  }
  if (connector.grant) proto.set_grant_id(connector.grant->ToString());
  const auto parse = [](const std::string& text, google::protobuf::Message* message) {
    return google::protobuf::util::JsonStringToMessage(text, message).ok();
  };
  bool readable = json::ToProto(connector.auth_config, *proto.mutable_auth_config()).ok() &&
                  json::ToProto(connector.config_schema, *proto.mutable_config_schema()).ok() &&
                  json::ToProto(connector.config_data, *proto.mutable_config_data()).ok() &&
                  json::ToProto(connector.metadata, *proto.mutable_metadata()).ok();
  if (connector.api_spec) {
    readable = readable && json::ToProto(*connector.api_spec, *proto.mutable_api_spec()).ok();
  }
  if (connector.test_request) {
    readable = readable && parse(*connector.test_request, proto.mutable_test_request());
  }
  if (connector.pagination) {
    readable = readable && parse(*connector.pagination, proto.mutable_pagination());
  }
  if (!readable) return Unreadable();
  proto.set_rate_limit(connector.rate_limit.value_or(0));
  if (connector.timeout) {
    const int64_t millis = absl::ToInt64Milliseconds(*connector.timeout);
    proto.mutable_timeout()->set_seconds(millis / 1000);
    proto.mutable_timeout()->set_nanos(static_cast<int32_t>(millis % 1000 * 1'000'000));
  }
  proto.set_is_active(connector.is_active);
  if (connector.last_connected_at) {
    SetTime(*connector.last_connected_at, *proto.mutable_last_connect_time());
  }
  if (connector.last_error) *proto.mutable_last_error() = ToProto(*connector.last_error);
  SetTime(connector.created_at, *proto.mutable_create_time());
  SetTime(connector.updated_at, *proto.mutable_update_time());
  return proto;
}

absl::StatusOr<v1::Connector> ToProto(const ConnectorView& view) {
  ASSIGN_OR_RETURN(v1::Connector proto, ToProto(view.connector));
  for (const SecretState& state : view.secrets) {
    v1::SecretState& secret = *proto.add_secrets();
    secret.set_name(state.field.name);
    secret.set_description(state.field.description);
    secret.set_required(state.field.required);
    secret.set_is_set(state.is_set);
    if (state.updated_at) SetTime(*state.updated_at, *secret.mutable_update_time());
    if (state.expire_at) SetTime(*state.expire_at, *secret.mutable_expire_time());
  }
  return proto;
}

absl::StatusOr<v1::ListConnectorsResponse> ToProto(const paging::Page<ConnectorView>& page) {
  v1::ListConnectorsResponse proto;
  for (const ConnectorView& view : page.items) {
    ASSIGN_OR_RETURN(*proto.add_connectors(), ToProto(view));
  }
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

v1::GetConnectorsByTypeResponse ToProto(const std::vector<Connector>& connectors) {
  v1::GetConnectorsByTypeResponse proto;
  for (const Connector& connector : connectors) {
    auto& entry = *proto.add_connectors();
    entry.set_id(connector.id.ToString());
    entry.set_name(connector.name);
    entry.set_display_name(connector.display_name);
    entry.set_service_name(connector.service_name);
  }
  return proto;
}

}  // namespace penstock::connector
