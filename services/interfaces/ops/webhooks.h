// What an owner can ask about webhooks. The engine keeps deliveries and secrets; here the question
// is checked and asked for the caller's own tenant.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/ids/uuid.h"
#include "penstock/workflow/v1/ingress.pb.h"
#include "services/interfaces/engine_client/engine_client.h"

namespace penstock::interfaces {

struct DeliveryFilter {
  int page_size = 20;
  std::string page_token;
  std::string trigger_type;  // empty = any
  std::string action_type;   // empty = any
  std::optional<absl::Time> start_time, end_time;
};

struct NewSigningSecret {
  std::string name;
  std::string value;  // empty = make one
};

struct CreatedSigningSecret {
  std::string name;
  std::string value;
  absl::Time created_at;
};

absl::StatusOr<workflow::v1::ListDeliveriesInternalResponse> ListDeliveries(
    const EngineClient& engine, const auth::CallContext& caller, const DeliveryFilter& filter);
// NOT_FOUND when the tenant has no such delivery.
absl::StatusOr<workflow::v1::StoredDelivery> GetDelivery(const EngineClient& engine,
                                                         const auth::CallContext& caller,
                                                         const WebhookId& id);
absl::StatusOr<workflow::v1::StoredDelivery> Redeliver(const EngineClient& engine,
                                                       const auth::CallContext& caller,
                                                       const WebhookId& id);
// ALREADY_EXISTS when the name is taken: overwriting would refuse all that is on its way signed with the old value. A secret is rotated
// without a gap by making another, naming both in the triggers, and deleting the old one when the sender signs with the new.
absl::StatusOr<CreatedSigningSecret> CreateSigningSecret(const EngineClient& engine,
                                                         const auth::CallContext& caller,
                                                         NewSigningSecret secret,
                                                         const Clock& clock);
absl::StatusOr<workflow::v1::ListSigningSecretsInternalResponse> ListSigningSecrets(
    const EngineClient& engine, const auth::CallContext& caller);
absl::Status DeleteSigningSecret(const EngineClient& engine, const auth::CallContext& caller,
                                 const std::string& name);

}  // namespace penstock::interfaces
