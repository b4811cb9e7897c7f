// WebhookService's messages to and from what ops speak. Checks here need no state.
#pragma once

#include "absl/status/statusor.h"
#include "penstock/interfaces/v1/webhook.pb.h"
#include "services/interfaces/ops/webhooks.h"

namespace penstock::interfaces {

// INVALID_ARGUMENT with every wrong field.
absl::StatusOr<DeliveryFilter> FromProto(const v1::ListDeliveriesRequest& request);
absl::StatusOr<WebhookId> DeliveryIdFrom(const std::string& id);

// INTERNAL when the engine stored what is no JSON.
absl::StatusOr<v1::Delivery> ToProto(const workflow::v1::StoredDelivery& stored);
absl::StatusOr<v1::ListDeliveriesResponse> ToProto(
    const workflow::v1::ListDeliveriesInternalResponse& page);
v1::SigningSecret ToProto(const CreatedSigningSecret& secret);
v1::ListSigningSecretsResponse ToProto(
    const workflow::v1::ListSigningSecretsInternalResponse& secrets);

}  // namespace penstock::interfaces
