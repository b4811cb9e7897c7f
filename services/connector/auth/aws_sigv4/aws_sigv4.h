// AWS Signature Version 4. See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeAwsSigV4Strategy();

}  // namespace penstock::connector
