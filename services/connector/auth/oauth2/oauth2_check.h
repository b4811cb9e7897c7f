// Whether what an OAuth config says goes together.
#pragma once

#include <vector>

#include "libs/status/details.h"
#include "services/connector/auth/destination_url.h"
#include "services/connector/auth/oauth2/oauth2_config.h"

namespace penstock::connector {

void CheckOAuth2Config(const OAuth2Config& config, const UrlRules& rules,
                       std::vector<FieldViolation>& wrong);

}  // namespace penstock::connector
