// Does what the confinement must prevent, so that tests can see the process die of it.
#pragma once

#include <string_view>

namespace penstock::sandbox {

// `what` is one of the names in attempt.cc. Returns only when nothing stopped it (or the name is
// unknown, which is 2).
int Attempt(std::string_view what);

}  // namespace penstock::sandbox
