// An entry of a tenant's gap-free event stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::workflow_engine {

struct EventRecord {
  Uuid id = {};
  int64_t sequence = 0;  // from 1
  std::string type = {};
  absl::Time at = {};
  std::optional<WorkflowId> workflow = {};
  std::optional<ExecutionId> execution = {};
  std::string payload;  // JSON text
};

// Which events are wanted. Absent and empty members match all.
struct EventFilter {
  std::vector<std::string> types = {};
  std::optional<WorkflowId> workflow = {};
  absl::Time from = absl::InfinitePast();
  absl::Time before = absl::InfiniteFuture();
};

}  // namespace penstock::workflow_engine
