#include "services/interfaces/ops/webhooks.h"

#include <utility>

#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/domain/signing_secret.h"

namespace penstock::interfaces {
namespace {

void SetTime(google::protobuf::Timestamp& to, absl::Time time) {
  const int64_t nanos = absl::ToUnixNanos(time);
  to.set_seconds(absl::ToUnixSeconds(time));
  to.set_nanos(static_cast<int32_t>(nanos - to.seconds() * 1'000'000'000));
}

}  // namespace

absl::StatusOr<workflow::v1::ListDeliveriesInternalResponse> ListDeliveries(
    const EngineClient& engine, const auth::CallContext& caller, const DeliveryFilter& filter) {
  workflow::v1::ListDeliveriesInternalRequest request;
  request.set_page_size(filter.page_size);
  request.set_page_token(filter.page_token);
  request.set_trigger_type(filter.trigger_type);
  request.set_action_type(filter.action_type);
  if (filter.start_time) SetTime(*request.mutable_start_time(), *filter.start_time);
  if (filter.end_time) SetTime(*request.mutable_end_time(), *filter.end_time);
  return engine.ListDeliveries(caller, std::move(request));
}

absl::StatusOr<workflow::v1::StoredDelivery> GetDelivery(const EngineClient& engine,
                                                         const auth::CallContext& caller,
                                                         const WebhookId& id) {
  workflow::v1::ListDeliveriesInternalRequest request;
  request.set_page_size(1);
  request.set_id(id.ToString());
  ASSIGN_OR_RETURN(workflow::v1::ListDeliveriesInternalResponse found,
                   engine.ListDeliveries(caller, std::move(request)));
  if (found.deliveries().empty()) {
    return absl::NotFoundError("there is no delivery " + id.ToString());
  }
  return std::move(*found.mutable_deliveries(0));
}

absl::StatusOr<workflow::v1::StoredDelivery> Redeliver(const EngineClient& engine,
                                                       const auth::CallContext& caller,
                                                       const WebhookId& id) {
  workflow::v1::RedeliverInternalRequest request;
  request.set_id(id.ToString());
  ASSIGN_OR_RETURN(workflow::v1::RedeliverInternalResponse response,
                   engine.Redeliver(caller, std::move(request)));
  return std::move(*response.mutable_delivery());
}

absl::StatusOr<CreatedSigningSecret> CreateSigningSecret(const EngineClient& engine,
                                                         const auth::CallContext& caller,
                                                         NewSigningSecret secret,
                                                         const Clock& clock) {
  if (!IsSigningSecretName(secret.name)) {
    return InvalidField("name", "must be 1 to 64 letters, digits, '_' and '-'");
  }
  if (secret.value.empty()) {
    secret.value = MakeSigningSecret();
  } else {
    RETURN_IF_ERROR(CheckSigningSecret(secret.value));
  }
  workflow::v1::PutSigningSecretInternalRequest request;
  request.set_name(secret.name);
  request.set_secret(secret.value);
  RETURN_IF_ERROR(engine.PutSigningSecret(caller, std::move(request)));
  return CreatedSigningSecret{std::move(secret.name), std::move(secret.value), clock.Now()};
}

absl::StatusOr<workflow::v1::ListSigningSecretsInternalResponse> ListSigningSecrets(
    const EngineClient& engine, const auth::CallContext& caller) {
  return engine.ListSigningSecrets(caller);
}

absl::Status DeleteSigningSecret(const EngineClient& engine, const auth::CallContext& caller,
                                 const std::string& name) {
  if (!IsSigningSecretName(name)) {
    return InvalidField("name", "must be 1 to 64 letters, digits, '_' and '-'");
  }
  workflow::v1::DeleteSigningSecretInternalRequest request;
  request.set_name(name);
  return engine.DeleteSigningSecret(caller, std::move(request));
}

}  // namespace penstock::interfaces
