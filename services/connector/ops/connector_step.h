// The step that a connector node of a workflow has us run.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "services/connector/ops/api_specs.h"
#include "services/connector/ops/connector_calls.h"

namespace penstock::connector {

inline constexpr std::string_view kCallStep = "connector.call";

// `input` is JSON: {"config": {"connector", "action"?, "method"?, "max_pages"?,
// "accept_error_status"?}, "rendered": {"payload"?, "resource_path"?, "query"?, "headers"?},
// "execution": {"id", "workflowId"}, "idempotencyKey"?}. Returns {"status", "headers", "body"} and
// for several pages "pages" and "hasMore". A workflow uses the connectors of its project and of the
// whole tenant.
absl::StatusOr<std::string> RunConnectorStep(const CallingContext& context, ApiSpecs& specs,
                                             const auth::CallContext& caller,
                                             const std::string& input,
                                             lifecycle::Cancellation& gone);

}  // namespace penstock::connector
