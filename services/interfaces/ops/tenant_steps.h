// The steps of the platform's workflows create-tenant and delete-tenant (services/migrate/migrations/0005_tenant_lifecycle.sql).
//
//   creating ──► set_up ──► suspended ──► purging ──► purged
//      │                    ▲   │ taken back
//      ▼                    └───┘
//   rolled_back
//
// Each step is one transaction that begins by locking the tenant's row in tenancy.tenant_lifecycles. It may be repeated, and may come late: what
// the state no longer allows does not happen. Nothing here is told or tells a password: the welcome mail makes its own.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/crypto/password.h"
#include "libs/mail/mailer.h"
#include "libs/postgres/pool.h"

namespace penstock::interfaces {

// Owned by App; all outlive it.
struct TenantStepContext {
  postgres::Pool& admin_pool;
  crypto::PasswordHasher& hasher;
  mail::Mailer& mailer;
  const Clock& clock;
};

// What the engine asks for: a step by its name, with JSON. Returns JSON. UNIMPLEMENTED for a name that is none. ALREADY_EXISTS,
// INVALID_ARGUMENT, NOT_FOUND and FAILED_PRECONDITION would be the same the next time.
absl::StatusOr<std::string> RunTenantStep(const TenantStepContext& context, const auth::CallContext& caller, const std::string& step,
                                          const std::string& input);

}  // namespace penstock::interfaces
