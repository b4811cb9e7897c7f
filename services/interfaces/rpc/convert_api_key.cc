#include "services/interfaces/rpc/convert_api_key.h"

#include "libs/request/caller.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_role.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;

}  // namespace

absl::StatusOr<NewApiKeyRequest> FromProto(const auth::CallContext& caller,
                                           const v1::CreateApiKeyRequest& request) {
  const v1::ApiKey& key = request.api_key();
  RETURN_IF_ERROR(CheckTenantId(caller, key.tenant_id(), "api_key.tenant_id"));
  if (!v1::ApiKeyMode_IsValid(request.mode())) return InvalidField("mode", "is no known mode");
  NewApiKeyRequest created{.name = key.name()};
  ASSIGN_OR_RETURN(created.role, RoleFrom(key.role(), "api_key.role"));
  ASSIGN_OR_RETURN(created.project,
                   ParseOptionalId<ProjectId>(key.project_id(), "api_key.project_id"));
  if (key.has_expire_time()) {
    ASSIGN_OR_RETURN(created.expires_at, TimeFrom(key.expire_time(), "api_key.expire_time"));
  }
  if (request.mode() == v1::API_KEY_MODE_TEST) created.mode = auth::ApiKeyMode::kTest;
  return created;
}

absl::StatusOr<ApiKeyQuery> FromProto(const v1::ListApiKeysRequest& request) {
  ApiKeyQuery query{.page_size = request.page_size(), .page_token = request.page_token()};
  ASSIGN_OR_RETURN(query.filter.project,
                   ParseOptionalId<ProjectId>(request.project_id(), "project_id"));
  query.filter.show_ended = request.show_ended();
  return query;
}

absl::StatusOr<absl::Duration> OverlapFrom(const v1::RotateApiKeyRequest& request) {
  const auto& overlap = request.overlap();
  // What Duration is defined for; the operation has its own limits.
  if (overlap.seconds() < 0 || overlap.seconds() > 315'576'000'000 || overlap.nanos() < 0 ||
      overlap.nanos() >= 1'000'000'000) {
    return InvalidField("overlap", "must be between 0 and 7 days");
  }
  return absl::Seconds(overlap.seconds()) + absl::Nanoseconds(overlap.nanos());
}

v1::ApiKey ToProto(const ApiKey& key) {
  v1::ApiKey proto;
  proto.set_id(key.id.ToString());
  proto.set_tenant_id(key.tenant.ToString());
  proto.set_name(key.name);
  proto.set_prefix(key.prefix);
  proto.set_role(RoleToProto(key.role));
  if (key.project) proto.set_project_id(key.project->ToString());
  if (key.user) proto.set_user_id(key.user->ToString());
  if (key.expires_at) SetTime(*key.expires_at, *proto.mutable_expire_time());
  if (key.revoked_at) SetTime(*key.revoked_at, *proto.mutable_revoke_time());
  if (key.last_used_at) SetTime(*key.last_used_at, *proto.mutable_last_used_time());
  SetTime(key.created_at, *proto.mutable_create_time());
  if (key.replaced_by) proto.set_replaced_by(key.replaced_by->ToString());
  return proto;
}

v1::ListApiKeysResponse ToProto(const paging::Page<ApiKey>& page) {
  v1::ListApiKeysResponse proto;
  for (const ApiKey& key : page.items) *proto.add_api_keys() = ToProto(key);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::interfaces
