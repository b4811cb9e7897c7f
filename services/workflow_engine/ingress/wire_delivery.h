// Deliveries and their answers on the wire of IngressService.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "penstock/workflow/v1/ingress.pb.h"
#include "services/workflow_engine/ingress/delivery.h"

namespace penstock::workflow_engine {

// INVALID_ARGUMENT for a tenant id that is not 16 bytes.
absl::StatusOr<InboundDelivery> FromWire(workflow::v1::Delivery&& delivery);
workflow::v1::Delivery ToWire(const InboundDelivery& delivery);

// Errors become an HTTP status and a reason.
void ToWire(const absl::StatusOr<DeliveryAnswer>& answer, workflow::v1::DeliveryReply& reply);

}  // namespace penstock::workflow_engine
