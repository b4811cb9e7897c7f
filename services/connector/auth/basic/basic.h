// HTTP Basic (RFC 7617). See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeBasicStrategy();

}  // namespace penstock::connector
