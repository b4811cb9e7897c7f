#include "tests/harness/unprivileged_user.h"

#include <unistd.h>

namespace penstock::harness {

const passwd* UnprivilegedUser() {
  // Nobody is there on every system.
  return geteuid() == 0 ? getpwnam("nobody") : nullptr;
}

}  // namespace penstock::harness
