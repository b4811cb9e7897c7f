// What a failed call to the engine is to whoever asked us.
#pragma once

#include "absl/status/status.h"

namespace penstock::interfaces {

// The engine's own error as it is; UNAVAILABLE (ENGINE_UNREACHABLE) when there was no engine.
absl::Status EngineError(const absl::Status& status);

}  // namespace penstock::interfaces
