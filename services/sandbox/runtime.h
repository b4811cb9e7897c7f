// SpiderMonkey, set up for this process: one thread, no compiled code, a small heap.
#pragma once

#include "jsapi.h"

namespace penstock::sandbox {

// Null when it could not be set up. Lives as long as the process.
JSContext* StartRuntime();

}  // namespace penstock::sandbox
