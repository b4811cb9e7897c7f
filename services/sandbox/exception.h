// What was thrown, in words. Looking at it may run user code (getters, toString), so it happens
// under the limits of the evaluation, and whatever goes wrong there is ignored.
#pragma once

#include "js/RootingAPI.h"
#include "jsapi.h"
#include "libs/sandbox/outcome.h"

namespace penstock::sandbox {

// Takes the pending exception off the context. Without one, the limits ended the evaluation.
Outcome TakeException(JSContext* cx, OutcomeKind kind);
Outcome DescribeException(JSContext* cx, JS::HandleValue exception, OutcomeKind kind);

}  // namespace penstock::sandbox
