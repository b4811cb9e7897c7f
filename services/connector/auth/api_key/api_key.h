// A key in a header, a query parameter or a cookie. See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeApiKeyStrategy();

}  // namespace penstock::connector
