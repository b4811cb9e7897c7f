// The status that a third party answered, as errors of calls carry it.
#pragma once

#include "absl/status/status.h"

namespace penstock {

// The metadata "http_status" of WithReason; 0 when there was no answer.
int HttpStatusOf(const absl::Status& status);

}  // namespace penstock
