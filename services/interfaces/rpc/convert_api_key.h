// API keys on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "penstock/tenancy/v1/api_key.pb.h"
#include "services/interfaces/ops/api_keys.h"

namespace penstock::interfaces {

absl::StatusOr<NewApiKeyRequest> FromProto(const auth::CallContext& caller,
                                           const tenancy::v1::CreateApiKeyRequest& request);
absl::StatusOr<ApiKeyQuery> FromProto(const tenancy::v1::ListApiKeysRequest& request);
absl::StatusOr<absl::Duration> OverlapFrom(const tenancy::v1::RotateApiKeyRequest& request);

tenancy::v1::ApiKey ToProto(const ApiKey& key);
tenancy::v1::ListApiKeysResponse ToProto(const paging::Page<ApiKey>& page);

}  // namespace penstock::interfaces
