// Secrets wherever templates put them. See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeCustomStrategy();

}  // namespace penstock::connector
