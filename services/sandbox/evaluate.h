// One evaluation: parse the arguments, call, settle the promise, write the result as JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/sandbox/outcome.h"
#include "services/sandbox/job_queue.h"
#include "services/sandbox/limits.h"
#include "services/sandbox/realm.h"

namespace penstock::sandbox {

struct EvaluationRequest {
  std::string_view hash;
  const ScriptDefinition* script;
  std::vector<std::string_view> arguments;
  EvaluationLimits limits;
  bool compile_only = false;
};

// The limits must be running (LimitGuard::Begin). Leaves no exception and no promise job behind.
Outcome Evaluate(JSContext* cx, Realm& realm, PromiseJobs& jobs, const EvaluationRequest& request);

}  // namespace penstock::sandbox
