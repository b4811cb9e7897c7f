// Secrets in the environment, each under its name behind a prefix. One that is set to the empty
// text is not there.
#pragma once

#include <memory>
#include <string>

#include "libs/config/environment.h"
#include "libs/secrets/provider.h"

namespace penstock::secrets {

std::unique_ptr<Provider> CreateEnvironmentProvider(config::Environment environment,
                                                    std::string prefix);

}  // namespace penstock::secrets
