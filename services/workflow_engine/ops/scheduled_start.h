// Starts that the scheduler asks for. Their idempotency keys are "schedule/<schedule>/<instant>/<trigger node>": nobody else may use such a key, and the
// last part says which trigger the execution begins with, on whichever engine it begins.
#pragma once

#include <optional>
#include <string_view>

namespace penstock::workflow_engine {

// As the scheduler calls itself in its service tokens.
inline constexpr std::string_view kSchedulerService = "scheduler";

inline bool IsScheduledKey(std::string_view key) { return key.starts_with("schedule/"); }

// The trigger node that a scheduled start names; empty when it names none and for any other key.
inline std::string_view ScheduledNode(std::string_view key) {
  return IsScheduledKey(key) ? key.substr(key.rfind('/') + 1) : std::string_view();
}

}  // namespace penstock::workflow_engine
