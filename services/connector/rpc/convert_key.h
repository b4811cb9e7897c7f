// Keys and their rotations on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "penstock/connector/v1/key.pb.h"
#include "services/connector/keys/key_operations.h"

namespace penstock::connector {

// INVALID_ARGUMENT names the field.
absl::StatusOr<RotationRequest> FromProto(const v1::StartKeyRotationRequest& request);
v1::KeyStatus ToProto(const KeyStatus& status);
v1::KeyRotation ToProto(const KeyRotation& rotation);
v1::ListKeyRotationsResponse ToProto(const paging::Page<KeyRotation>& page);

}  // namespace penstock::connector
