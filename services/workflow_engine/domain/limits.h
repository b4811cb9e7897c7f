// How large a definition may be.
#pragma once

#include <cstddef>

#include "absl/time/time.h"

namespace penstock::workflow_engine {

inline constexpr size_t kMaxNodes = 500;
inline constexpr size_t kMaxEdges = 2000;
inline constexpr size_t kMaxIdLength = 64;
inline constexpr size_t kMaxNodeNameLength = 100;
inline constexpr size_t kMaxConfigBytes = 256 << 10;
inline constexpr size_t kMaxVariablesBytes = 256 << 10;
inline constexpr size_t kMaxExpressionBytes = 16 << 10;
inline constexpr int kMaxJsonDepth = 64;
inline constexpr int kMaxAttempts = 1'000'000;
inline constexpr absl::Duration kMaxAttemptTimeout = absl::Hours(24 * 365);
inline constexpr absl::Duration kMaxExecutionTimeout = absl::Hours(24 * 3650);
inline constexpr absl::Duration kMaxRetryInterval = absl::Hours(24 * 30);
inline constexpr absl::Duration kMaxRetryElapsed = absl::Hours(24 * 365);
inline constexpr double kMaxBackoffCoefficient = 1000;
inline constexpr size_t kMaxErrorTypes = 100;
inline constexpr size_t kMaxQueries = 50;

}  // namespace penstock::workflow_engine
