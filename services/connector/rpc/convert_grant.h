// Grants on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "libs/paging/paging.h"
#include "penstock/connector/v1/grant.pb.h"
#include "services/connector/oauth/grant_operations.h"

namespace penstock::connector {

absl::StatusOr<NewGrant> FromProto(const v1::CreateGrantRequest& request);
absl::StatusOr<GrantQuery> FromProto(const v1::ListGrantsRequest& request);
absl::StatusOr<AuthorizationCallback> FromProto(const v1::CompleteAuthorizationRequest& request);

v1::Grant ToProto(const GrantView& view);
v1::Grant ToProto(const Grant& grant);
v1::ListGrantsResponse ToProto(const paging::Page<Grant>& page);
v1::StartAuthorizationResponse ToProto(const StartedAuthorization& started);
v1::StartDeviceAuthorizationResponse ToProto(const StartedDevice& started);
v1::RevokeGrantResponse ToProto(const RevokedGrant& revoked);
v1::OpenAuthorizationResponse ToProto(const OpenedAuthorization& opened);
v1::CompleteAuthorizationResponse ToProto(const CompletedAuthorization& completed);

}  // namespace penstock::connector
