// What an execution says of itself: how far it is, and the queries of its workflow. Reads its record, so it works on one that is over.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/workflow_engine/domain/execution_record.h"
#include "services/workflow_engine/domain/graph.h"

namespace penstock::workflow_engine {

// As the latest of its nodes that say so has it; "completed" and 100 percent, "failed", "cancelled", "timed_out" or "terminated" once it is over. Nothing
// when no node of the workflow speaks of progress.
std::optional<Progress> ProgressOf(const ExecutionRecord& execution, const Graph& graph);

// JSON text. NOT_FOUND, reason UNKNOWN_QUERY, when the workflow has none of this name; empty = "getState", which answers
// {"state", "progress", "nodes": {id: state}, "error"} unless the workflow defines it.
absl::StatusOr<std::string> AnswerQuery(const ExecutionRecord& execution, const Graph& graph, std::string_view name, absl::Time now);

}  // namespace penstock::workflow_engine
