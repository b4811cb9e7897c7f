// A signature over the request, declared by the config. See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeHmacStrategy();

}  // namespace penstock::connector
