// What calls leave behind on their connector: when it last worked, and why it last did not.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/connector/ops/connector_context.h"

namespace penstock::connector {

// What the third party answered a call that failed; 0 = nothing.
int HttpStatusOf(const absl::Status& status);

// An error of a call as it is kept and shown.
CallError ErrorFrom(const absl::Status& status, absl::Time at);

// Writes it down. Errors that say nothing about the third party (a wrong request, a caller who has
// gone) leave things as they are. Never fails the call: what can't be written is logged.
void NoteHealth(const ConnectorContext& context, const Connector& connector,
                const absl::Status& ended);

}  // namespace penstock::connector
