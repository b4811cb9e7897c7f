// A JWT that is signed for each request and sent as it is. See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeJwtBearerStrategy();

}  // namespace penstock::connector
