// OAuth 2: puts the access token on requests. Getting one and keeping it fresh is
// services/connector/oauth's. See README.md.
#pragma once

#include <memory>

#include "services/connector/auth/destination_url.h"
#include "services/connector/auth/strategy.h"

namespace penstock::connector {

std::unique_ptr<AuthStrategy> MakeOAuth2Strategy(UrlRules rules);

}  // namespace penstock::connector
