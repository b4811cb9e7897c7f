// How webhook deliveries get to an engine.
#pragma once

#include <functional>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "penstock/workflow/v1/ingress.pb.h"

namespace penstock::interfaces {

// Reasons (ErrorInfo) of a delivery that got no reply.
inline constexpr char kNotStored[] = "NOT_STORED";            // it never left: safe to send again
inline constexpr char kOutcomeUnknown[] = "OUTCOME_UNKNOWN";  // it left: the receipt may exist

class DeliverySender {
 public:
  virtual ~DeliverySender() = default;

  using Filler = absl::FunctionRef<void(workflow::v1::Delivery&)>;
  // The reply is the callee's to take apart; errors are UNAVAILABLE (NOT_STORED), UNKNOWN
  // (OUTCOME_UNKNOWN) and DEADLINE_EXCEEDED (OUTCOME_UNKNOWN).
  using Replied = std::function<void(absl::StatusOr<workflow::v1::DeliveryReply*>)>;

  // Sends one delivery. If OK, `fill` has run and written everything but the correlation, and
  // `replied` runs once, on any thread, and must not block. Not OK: neither `fill` nor `replied`
  // runs, because too many wait already (RESOURCE_EXHAUSTED) or there is no engine (UNAVAILABLE,
  // NOT_STORED).
  virtual absl::Status Deliver(Filler fill, Replied replied) = 0;
};

}  // namespace penstock::interfaces
