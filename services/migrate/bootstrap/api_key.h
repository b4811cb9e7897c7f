// A first API key for a tenant, so that somebody can make the others over the API.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/api_key.h"
#include "libs/postgres/connection.h"

namespace penstock::migrate {

struct ApiKeyRequest {
  std::string tenant_slug;
  std::string role;  // owner, admin, developer, operator or viewer
  std::string name = "bootstrap";
  auth::ApiKeyMode mode = auth::ApiKeyMode::kLive;
};

// On the admin role. Returns the key, which is stored nowhere: only its hash is. NOT_FOUND without such a tenant, INVALID_ARGUMENT for a
// role that does not exist.
absl::StatusOr<std::string> CreateApiKey(postgres::Connection& admin, const ApiKeyRequest& request,
                                         absl::Time now);

}  // namespace penstock::migrate
