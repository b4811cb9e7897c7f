// Stored deliveries between their record and the wire.
#pragma once

#include "absl/status/statusor.h"
#include "penstock/workflow/v1/ingress.pb.h"
#include "services/workflow_engine/domain/delivery_record.h"
#include "services/workflow_engine/ops/list_deliveries.h"

namespace penstock::workflow_engine {

// INVALID_ARGUMENT with every field that is wrong. The tenant is the caller's, not the request's.
absl::StatusOr<DeliveryQuery> FromProto(const workflow::v1::ListDeliveriesInternalRequest& request);

workflow::v1::StoredDelivery ToProto(const DeliveryRecord& delivery);
workflow::v1::ListDeliveriesInternalResponse ToProto(const DeliveryPage& page);

}  // namespace penstock::workflow_engine
