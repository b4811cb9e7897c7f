// A client certificate. See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeMtlsStrategy();

}  // namespace penstock::connector
