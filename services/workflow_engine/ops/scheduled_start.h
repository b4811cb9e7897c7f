// Starts that the scheduler asks for. Their idempotency keys are "schedule/<schedule>/<instant>/<trigger node>": nobody else may use such a key, and the
// last part says which trigger the execution begins with, on whichever engine it begins.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/time/time.h"

namespace penstock::workflow_engine {

// As the scheduler calls itself in its service tokens.
inline constexpr std::string_view kSchedulerService = "scheduler";

inline bool IsScheduledKey(std::string_view key) { return key.starts_with("schedule/"); }

// The trigger node that a scheduled start names; empty when it names none and for any other key.
inline std::string_view ScheduledNode(std::string_view key) {
  return IsScheduledKey(key) ? key.substr(key.rfind('/') + 1) : std::string_view();
}

// The instant that it is for.
inline std::optional<absl::Time> ScheduledInstant(std::string_view key) {
  if (!IsScheduledKey(key)) return std::nullopt;
  key.remove_suffix(key.size() - key.rfind('/'));
  const std::string_view text = key.substr(key.rfind('/') + 1);
  int64_t micros = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), micros);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return absl::FromUnixMicros(micros);
}

}  // namespace penstock::workflow_engine
