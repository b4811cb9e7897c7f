// The one list of auth strategies. A new one is a folder and a line in builtin.cc.
#pragma once

#include "services/connector/auth/destination_url.h"
#include "services/connector/auth/registry.h"

namespace penstock::connector {

AuthStrategies BuiltinAuthStrategies(UrlRules rules = {});

}  // namespace penstock::connector
