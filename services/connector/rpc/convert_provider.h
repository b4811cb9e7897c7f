// Requests about providers on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/ops/providers.h"

namespace penstock::connector {

absl::StatusOr<ProviderFilter> FromProto(const connector::v1::ListProvidersRequest& request);
absl::StatusOr<ProviderChange> FromProto(const connector::v1::UpdateProviderRequest& request);

connector::v1::ListProvidersResponse ToProto(paging::Page<connector::v1::Provider> page);

}  // namespace penstock::connector
