#include "services/connector/rpc/convert_key.h"

#include <string_view>

#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

v1::KeyState StateOf(std::string_view state) {
  if (state == "active") return v1::KEY_STATE_ACTIVE;
  return state == "decrypt_only" ? v1::KEY_STATE_DECRYPT_ONLY : v1::KEY_STATE_DESTROYED;
}

v1::KeyLevel LevelOf(std::string_view level) {
  if (level == "root") return v1::KEY_LEVEL_ROOT;
  if (level == "tenant") return v1::KEY_LEVEL_TENANT;
  return level == "data" ? v1::KEY_LEVEL_DATA : v1::KEY_LEVEL_DESTROY;
}

v1::KeyRotationState RotationStateOf(std::string_view state) {
  if (state == "running") return v1::KEY_ROTATION_STATE_RUNNING;
  if (state == "succeeded") return v1::KEY_ROTATION_STATE_SUCCEEDED;
  return state == "failed" ? v1::KEY_ROTATION_STATE_FAILED : v1::KEY_ROTATION_STATE_CANCELLED;
}

}  // namespace

absl::StatusOr<RotationRequest> FromProto(const v1::StartKeyRotationRequest& request) {
  RotationRequest rotation{
      .level = {}, .of_tenant = {}, .destroy_previous = request.destroy_previous()};
  switch (request.level()) {
    case v1::KEY_LEVEL_ROOT:
      rotation.level = "root";
      break;
    case v1::KEY_LEVEL_TENANT:
      rotation.level = "tenant";
      break;
    case v1::KEY_LEVEL_DATA:
      rotation.level = "data";
      break;
    default:
      return InvalidField("level", "must be ROOT, TENANT or DATA");
  }
  ASSIGN_OR_RETURN(rotation.of_tenant, ParseOptionalId<TenantId>(request.tenant_id(), "tenant_id"));
  return rotation;
}

v1::KeyStatus ToProto(const KeyStatus& status) {
  v1::KeyStatus proto;
  for (const RootKeyStatus& key : status.root_keys) {
    v1::RootKey& root = *proto.add_root_keys();
    root.set_id(key.id);
    root.set_state(StateOf(key.state));
    root.set_tenant_keys(key.tenant_keys);
    root.set_at_hand(key.is_at_hand);
    SetTime(key.created_at, *root.mutable_create_time());
  }
  for (const TenantKeyStatus& key : status.tenant_keys) {
    v1::TenantKeyVersion& version = *proto.add_tenant_keys();
    version.set_version(key.version);
    version.set_root_key_id(key.root_key_id);
    version.set_state(StateOf(key.state));
    version.set_values(key.values);
    SetTime(key.created_at, *version.mutable_create_time());
  }
  proto.set_active_tenant_keys(status.active);
  proto.set_decrypt_only_tenant_keys(status.decrypt_only);
  proto.set_destroyed_tenant_keys(status.destroyed);
  proto.set_sealed_values(status.sealed_values);
  proto.set_cached_keys(static_cast<int64_t>(status.cache.cached));
  proto.set_max_cached_keys(static_cast<int64_t>(status.cache.max_keys));
  proto.set_root_key_problem(status.cache.root_problem);
  return proto;
}

v1::KeyRotation ToProto(const KeyRotation& rotation) {
  v1::KeyRotation proto;
  proto.set_id(rotation.id.ToString());
  proto.set_level(LevelOf(rotation.level));
  if (rotation.of_tenant) proto.set_tenant_id(rotation.of_tenant->ToString());
  proto.set_destroy_previous(rotation.destroy_previous);
  proto.set_state(RotationStateOf(rotation.state));
  proto.set_rows_done(rotation.rows_done);
  proto.set_rows_total(rotation.rows_total);
  proto.set_rows_damaged(rotation.rows_damaged);
  proto.set_rows_left(rotation.rows_left.value_or(0));
  proto.set_error(rotation.error);
  proto.set_started_by(rotation.started_by);
  SetTime(rotation.created_at, *proto.mutable_create_time());
  SetTime(rotation.updated_at, *proto.mutable_update_time());
  if (rotation.ended_at) SetTime(*rotation.ended_at, *proto.mutable_end_time());
  return proto;
}

v1::ListKeyRotationsResponse ToProto(const paging::Page<KeyRotation>& page) {
  v1::ListKeyRotationsResponse proto;
  for (const KeyRotation& rotation : page.items) *proto.add_key_rotations() = ToProto(rotation);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::connector
