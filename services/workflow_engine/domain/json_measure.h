// How large and how deep a JSON document is.
#pragma once

#include <cstddef>

#include "services/workflow_engine/domain/definition.h"

namespace penstock::workflow_engine {

// 0 for a scalar, 1 for a flat object or array.
int DepthOf(const Json& value);

// Of the text it would be written as. Nothing too deep may be passed: this walks recursively.
size_t TextSizeOf(const Json& value);

// Every string in it, keys included, is UTF-8.
bool IsUtf8(const Json& value);

}  // namespace penstock::workflow_engine
