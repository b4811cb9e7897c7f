// Making and removing tenants as the platform's operators see it: each is an execution of one of the platform's workflows.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/ids/uuid.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/interfaces/engine_client/engine_client.h"
#include "services/interfaces/ops/tenant_request.h"
#include "services/interfaces/storage/lifecycle.h"

namespace penstock::interfaces {

// Owned by App; all outlive it.
struct TenantOperationContext {
  EngineClient& engine;
  postgres::Pool& admin_pool;
  const Clock& clock;
  // How long a tenant that is shut may still be let in: by access tokens that are out, and by what services have in their caches. Its rows go
  // no sooner, or some would be written afterwards.
  absl::Duration doors_shut_after = absl::Minutes(11);
};

struct TenantOperation {
  ExecutionId id = {};
  TenantId tenant = {};
  std::string status = {};
  int progress = 0;
  bool done = false;
  std::string error_type = {}, error_message = {};
  bool welcome_email_sent = false;
  absl::Time created_at = {};
  std::optional<absl::Time> ended_at = {};
};

// INVALID_ARGUMENT with every field at fault; ALREADY_EXISTS, reason IDEMPOTENCY_KEY_REUSED, when the key made another tenant. That the
// slug is taken shows in the operation.
absl::StatusOr<TenantOperation> CreateTenant(const TenantOperationContext& context, const auth::CallContext& caller, const TenantRequest& request,
                                             const std::string& idempotency_key);

struct TenantRemoval {
  TenantId tenant = {};
  std::string confirmation = {};  // its slug
  absl::Duration delay = absl::ZeroDuration();
  std::string reason = {};
};
// NOT_FOUND; FAILED_PRECONDITION when it is being made or removed already, or is the platform's own.
absl::StatusOr<TenantOperation> DeleteTenant(const TenantOperationContext& context, const auth::CallContext& caller, const TenantRemoval& removal);

// NOT_FOUND when there is no such operation.
absl::StatusOr<TenantOperation> GetTenantOperation(const TenantOperationContext& context, const auth::CallContext& caller, ExecutionId id);
// FAILED_PRECONDITION when it has ended.
absl::StatusOr<TenantOperation> CancelTenantOperation(const TenantOperationContext& context, const auth::CallContext& caller, ExecutionId id,
                                                      const std::string& reason);

struct TenantQuery {
  TenantFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};
absl::StatusOr<paging::Page<Tenant>> ListTenants(const TenantOperationContext& context, const TenantQuery& query);

}  // namespace penstock::interfaces
