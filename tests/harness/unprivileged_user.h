// Whom database programs run as: they refuse to be root.
#pragma once

#include <pwd.h>

namespace penstock::harness {

// Nothing when we are no root ourselves.
const passwd* UnprivilegedUser();

}  // namespace penstock::harness
