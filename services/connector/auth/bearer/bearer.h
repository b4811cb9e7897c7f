// A token that does not change, in the Authorization header (RFC 6750). See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeBearerStrategy();

}  // namespace penstock::connector
