// Executions between their record and the wire.
#pragma once

#include "absl/status/statusor.h"
#include "penstock/workflow/v1/execution.pb.h"
#include "services/workflow_engine/domain/execution_record.h"
#include "services/workflow_engine/ops/list_executions.h"

namespace penstock::workflow_engine {

// INVALID_ARGUMENT with every field that is wrong.
absl::StatusOr<ExecutionQuery> FromProto(const workflow::v1::ListExecutionsRequest& request);

workflow::v1::NodeExecution ToProto(const NodeRecord& node);
workflow::v1::Execution ToProto(const ExecutionRecord& execution);
workflow::v1::ListExecutionsResponse ToProto(const ExecutionPage& page);

}  // namespace penstock::workflow_engine
