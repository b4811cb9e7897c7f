// Executions between their record and the wire.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/struct.pb.h"
#include "penstock/workflow/v1/execution.pb.h"
#include "services/workflow_engine/domain/execution_record.h"
#include "services/workflow_engine/ops/list_executions.h"

namespace penstock::workflow_engine {

// INVALID_ARGUMENT with every field that is wrong.
absl::StatusOr<ExecutionQuery> FromProto(const workflow::v1::ListExecutionsRequest& request);

workflow::v1::ExecutionState StateToProto(ExecutionState state);
// JSON text that is on record parses: it was checked on its way in. Should it not, the rest of the answer is still worth having.
void SetValue(const std::string& text, google::protobuf::Value& value);
void SetError(const std::string& text, workflow::v1::ExecutionError& error);

workflow::v1::NodeExecution ToProto(const NodeRecord& node);
workflow::v1::Execution ToProto(const ExecutionRecord& execution);
workflow::v1::ListExecutionsResponse ToProto(const ExecutionPage& page);

}  // namespace penstock::workflow_engine
