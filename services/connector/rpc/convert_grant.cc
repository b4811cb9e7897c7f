#include "services/connector/rpc/convert_grant.h"

#include <algorithm>
#include <string>

#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {
namespace {

// A refresh by then is no remedy, so somebody has to know in time.
constexpr absl::Duration kForecast = absl::Hours(24 * 30);
constexpr int kMaxQuery = 50;
constexpr size_t kMaxQueryBytes = 16 << 10;

v1::GrantState ToProto(GrantState state) {
  return static_cast<v1::GrantState>(static_cast<int>(state) + 1);
}

v1::GrantState StateOf(const std::string& name) {
  const std::optional<GrantState> state = ParseGrantState(name);
  return state ? ToProto(*state) : v1::GRANT_STATE_UNSPECIFIED;
}

void SetOptional(const std::optional<absl::Time>& time,
                 google::protobuf::Timestamp* (v1::Grant::*field)(), v1::Grant& grant) {
  if (time) SetTime(*time, *(grant.*field)());
}

// What was stored by DescribeFailure.
void SetLastError(const std::string& text, v1::GrantError& error) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return;
  error.set_class_(json.value("class", ""));
  error.set_provider_code(json.value("provider_code", ""));
  error.set_http_status(json.value("http_status", 0));
  error.set_message(json.value("message", ""));
  error.set_attempt_id(json.value("attempt_id", ""));
  absl::Time at;
  std::string ignored;
  if (absl::ParseTime(absl::RFC3339_full, json.value("at", ""), &at, &ignored))
    SetTime(at, *error.mutable_occurred_at());
}

std::optional<absl::Time> ExpiringAt(const Grant& grant) {
  if (grant.state != GrantState::kActive && grant.state != GrantState::kDegraded)
    return std::nullopt;
  // Refreshed without a refresh token are those that nobody has to authorize; they are due before
  // their end.
  const bool ends = !grant.has_refresh_token && grant.access_expires_at &&
                    grant.refresh_at == grant.access_expires_at;
  const std::optional<absl::Time> end =
      ends ? grant.access_expires_at : grant.refresh_absolute_expires_at;
  return end && *end - grant.now <= kForecast ? end : std::nullopt;
}

void SetScopes(const Grant& grant, v1::Grant& proto) {
  for (const std::string& scope : grant.scopes_requested) {
    proto.add_scopes_requested(scope);
    const bool given = std::find(grant.scopes_granted.begin(), grant.scopes_granted.end(), scope) !=
                       grant.scopes_granted.end();
    if (grant.token_version > 0 && !given) proto.add_scopes_missing(scope);
  }
  for (const std::string& scope : grant.scopes_granted) proto.add_scopes_granted(scope);
}

}  // namespace

absl::StatusOr<NewGrant> FromProto(const v1::CreateGrantRequest& request) {
  NewGrant asked{.display_name = request.display_name(),
                 .scopes = {request.scopes().begin(), request.scopes().end()}};
  ASSIGN_OR_RETURN(asked.connector, ParseId<ConnectorId>(request.connector_id(), "connector_id"));
  return asked;
}

absl::StatusOr<GrantQuery> FromProto(const v1::ListGrantsRequest& request) {
  GrantQuery query{.page_size = request.page_size(), .page_token = request.page_token()};
  ASSIGN_OR_RETURN(const auto connector,
                   ParseOptionalId<ConnectorId>(request.connector_id(), "connector_id"));
  if (connector) query.connector = connector->uuid();
  if (request.state() == v1::GRANT_STATE_UNSPECIFIED) return query;
  if (!v1::GrantState_IsValid(request.state()))
    return InvalidField("state", "is not a state of grants");
  query.state = static_cast<GrantState>(static_cast<int>(request.state()) - 1);
  return query;
}

absl::StatusOr<AuthorizationCallback> FromProto(const v1::CompleteAuthorizationRequest& request) {
  AuthorizationCallback callback{.provider = request.provider(),
                                 .browser_binding = request.browser_binding()};
  size_t bytes = 0;
  for (const auto& [name, value] : request.query()) {
    bytes += name.size() + value.size();
    callback.query[name] = value;
  }
  if (request.query_size() > kMaxQuery || bytes > kMaxQueryBytes)
    return InvalidField("query", "must have 50 parameters and 16 KiB at most");
  return callback;
}

v1::Grant ToProto(const Grant& grant) {
  v1::Grant proto;
  proto.set_id(grant.id.ToString());
  proto.set_tenant_id(grant.tenant.ToString());
  proto.set_connector_id(grant.connector.ToString());
  proto.set_display_name(grant.display_name);
  SetScopes(grant, proto);
  proto.set_state(ToProto(grant.state));
  proto.set_state_reason(grant.state_reason);
  SetTime(grant.state_changed_at, *proto.mutable_state_changed_at());
  if (grant.last_error) SetLastError(*grant.last_error, *proto.mutable_last_error());
  proto.set_token_version(grant.token_version);
  proto.set_has_refresh_token(grant.has_refresh_token);
  SetOptional(grant.access_expires_at, &v1::Grant::mutable_access_expires_at, proto);
  SetOptional(grant.refresh_at, &v1::Grant::mutable_refresh_at, proto);
  SetOptional(grant.refreshed_at, &v1::Grant::mutable_refreshed_at, proto);
  SetOptional(grant.refresh_idle_expires_at, &v1::Grant::mutable_refresh_idle_expires_at, proto);
  SetOptional(grant.refresh_absolute_expires_at, &v1::Grant::mutable_refresh_absolute_expires_at,
              proto);
  SetOptional(ExpiringAt(grant), &v1::Grant::mutable_expiring_at, proto);
  const nlohmann::json values =
      nlohmann::json::parse(grant.from_token, nullptr, /*allow_exceptions=*/false);
  for (const auto& [name, value] : values.items()) {
    if (value.is_string()) (*proto.mutable_values())[name] = value.get<std::string>();
  }
  SetTime(grant.created_at, *proto.mutable_create_time());
  SetTime(grant.updated_at, *proto.mutable_update_time());
  return proto;
}

v1::Grant ToProto(const GrantView& view) {
  v1::Grant proto = ToProto(view.grant);
  for (const Uuid& connector : view.used_by) proto.add_used_by(connector.ToString());
  for (const storage::GrantChange& change : view.changes) {
    v1::GrantChange& shown = *proto.add_changes();
    shown.set_from(StateOf(change.from));
    shown.set_to(StateOf(change.to));
    shown.set_reason(change.reason);
    SetTime(change.at, *shown.mutable_changed_at());
  }
  proto.set_authorization(view.authorization.value_or(""));
  return proto;
}

v1::ListGrantsResponse ToProto(const paging::Page<Grant>& page) {
  v1::ListGrantsResponse proto;
  for (const Grant& grant : page.items) *proto.add_grants() = ToProto(grant);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

v1::StartAuthorizationResponse ToProto(const StartedAuthorization& started) {
  v1::StartAuthorizationResponse proto;
  proto.set_url(started.url);
  proto.set_redirect_uri(started.redirect_uri);
  SetTime(started.expires_at, *proto.mutable_expires_at());
  return proto;
}

v1::StartDeviceAuthorizationResponse ToProto(const StartedDevice& started) {
  v1::StartDeviceAuthorizationResponse proto;
  proto.set_user_code(started.user_code);
  proto.set_verification_uri(started.verification_uri);
  proto.set_verification_uri_complete(started.verification_uri_complete);
  SetTime(started.expires_at, *proto.mutable_expires_at());
  return proto;
}

v1::RevokeGrantResponse ToProto(const RevokedGrant& revoked) {
  v1::RevokeGrantResponse proto;
  *proto.mutable_grant() = ToProto(revoked.view);
  proto.set_revoked_at_provider(revoked.at_provider);
  for (const std::string& effect : revoked.side_effects) proto.add_side_effects(effect);
  return proto;
}

v1::OpenAuthorizationResponse ToProto(const OpenedAuthorization& opened) {
  v1::OpenAuthorizationResponse proto;
  proto.set_authorize_url(opened.authorize_url);
  proto.set_browser_binding(opened.browser_binding);
  proto.mutable_max_age()->set_seconds(absl::ToInt64Seconds(opened.lifetime));
  return proto;
}

v1::CompleteAuthorizationResponse ToProto(const CompletedAuthorization& completed) {
  v1::CompleteAuthorizationResponse proto;
  proto.set_tenant_id(completed.tenant.ToString());
  proto.set_grant_id(completed.grant.ToString());
  proto.set_outcome(completed.outcome);
  proto.set_return_url(completed.return_url);
  return proto;
}

}  // namespace penstock::connector
