// What can be asked about API keys.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/api_key.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/storage/api_keys.h"

namespace penstock::interfaces {

struct NewApiKeyRequest {
  std::string name = {};
  std::optional<auth::Role> role = {};  // developer, or the caller's own when that is lower
  std::optional<ProjectId> project = {};
  std::optional<absl::Time> expires_at = {};
  auth::ApiKeyMode mode = auth::ApiKeyMode::kLive;
};

struct IssuedApiKey {
  ApiKey key = {};
  std::string text = {};  // shown once
};

struct ApiKeyQuery {
  ApiKeyFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};

// INVALID_ARGUMENT also for a project that the tenant does not have.
absl::StatusOr<IssuedApiKey> CreateApiKey(const IdentityContext& context,
                                          const auth::CallContext& caller,
                                          const NewApiKeyRequest& request);
absl::StatusOr<ApiKey> GetApiKey(const IdentityContext& context, const auth::CallContext& caller,
                                 ApiKeyId id);
absl::StatusOr<paging::Page<ApiKey>> ListApiKeys(const IdentityContext& context,
                                                 const auth::CallContext& caller,
                                                 const ApiKeyQuery& query);
// A key like another one, which ends after `overlap`. FAILED_PRECONDITION (API_KEY_ENDED) when it
// has ended.
absl::StatusOr<IssuedApiKey> RotateApiKey(const IdentityContext& context,
                                          const auth::CallContext& caller, ApiKeyId id,
                                          absl::Duration overlap);
absl::StatusOr<ApiKey> RevokeApiKey(const IdentityContext& context, const auth::CallContext& caller,
                                    ApiKeyId id);

}  // namespace penstock::interfaces
