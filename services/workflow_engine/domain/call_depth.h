// How many starts by service interfaces lie behind an execution: services that start each other
// would go on for ever. Idempotency keys of such starts are "interface/<depth>/...", which nobody
// but interfaces-service may use, so that the depth is as durable as the execution.
#pragma once

#include <charconv>
#include <string_view>

namespace penstock::workflow_engine {

// As interfaces-service calls itself in its service tokens.
inline constexpr std::string_view kInterfacesService = "interfaces-service";
inline constexpr std::string_view kInterfaceKeyPrefix = "interface/";

inline bool IsInterfaceKey(std::string_view key) { return key.starts_with(kInterfaceKeyPrefix); }

// 0 for an execution that was started in any other way.
inline int CallDepthOf(std::string_view key) {
  if (!IsInterfaceKey(key)) return 0;
  key.remove_prefix(kInterfaceKeyPrefix.size());
  int depth = 0;
  std::from_chars(key.data(), key.data() + key.size(), depth);
  return depth;
}

}  // namespace penstock::workflow_engine
