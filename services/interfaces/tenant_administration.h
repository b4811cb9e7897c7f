// Making and removing tenants: the services and what only they need, wired by hand.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/impl/service_type.h"
#include "libs/clock/clock.h"
#include "libs/crypto/password.h"
#include "libs/grpc/serving.h"
#include "libs/mail/mailer.h"
#include "libs/postgres/pool.h"
#include "services/interfaces/engine_client/engine_client.h"
#include "services/interfaces/ops/tenant_operations.h"
#include "services/interfaces/ops/tenant_steps.h"
#include "services/interfaces/rpc/step_service.h"
#include "services/interfaces/rpc/tenant_admin_service.h"

namespace penstock::interfaces {

class TenantAdministration {
 public:
  // All references outlive it. `admin_pool` connects as the admin role.
  TenantAdministration(rpc::Serving& serving, std::unique_ptr<postgres::Pool> admin_pool,
                       EngineClient& engine, mail::Mailer& mailer,
                       absl::Duration access_token_lifetime, const Clock& clock)
      : admin_pool_(std::move(admin_pool)),
        // One at a time: tenants are not made by the second.
        hasher_({.max_concurrent = 1}),
        operations_{engine, *admin_pool_, clock, access_token_lifetime + kCachedFor},
        steps_{*admin_pool_, hasher_, mailer, clock},
        admin_service_(serving, operations_),
        step_service_(serving, steps_) {}

  std::vector<grpc::Service*> services() { return {&admin_service_, &step_service_}; }

 private:
  // More than any service keeps a tenant or a key in its memory.
  static constexpr absl::Duration kCachedFor = absl::Seconds(15);

  const std::unique_ptr<postgres::Pool> admin_pool_;
  crypto::PasswordHasher hasher_;
  const TenantOperationContext operations_;
  const TenantStepContext steps_;
  TenantAdminService admin_service_;
  StepService step_service_;
};

}  // namespace penstock::interfaces
