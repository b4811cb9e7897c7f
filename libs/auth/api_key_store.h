// The API key tables' side of authentication: look-up by hash, and last_used_at, written in batches
// so that no call waits for it.
#pragma once

#include "libs/auth/api_key_authenticator.h"
#include "libs/postgres/pool.h"

namespace penstock::auth {

// A FindApiKey on the server role. `pool` outlives it.
FindApiKey FindApiKeyIn(postgres::Pool& pool);

// Writes last_used_at of what was used since the last call; one transaction per tenant. A body for
// lifecycle::BackgroundLoop.
absl::Status TouchLastUsed(ApiKeyAuthenticator& authenticator, postgres::Pool& pool);

}  // namespace penstock::auth
