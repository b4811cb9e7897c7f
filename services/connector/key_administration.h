// What operators see and do of keys, and the work that follows from it: wired.
#pragma once

#include <memory>
#include <vector>

#include "grpcpp/impl/service_type.h"
#include "libs/clock/clock.h"
#include "libs/grpc/serving.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/connector/credentials/key_rotator.h"
#include "services/connector/keys/key_operations.h"
#include "services/connector/rpc/credential_audit_service.h"
#include "services/connector/rpc/key_service.h"

namespace penstock::connector {

class KeyAdministration {
 public:
  // All references outlive it. `admin_pool` connects as the admin role: rotations span tenants.
  KeyAdministration(rpc::Serving& serving, std::unique_ptr<postgres::Pool> admin_pool,
                    postgres::Pool& pool, const RootKeyring& roots, TenantKeys& keys,
                    metrics::Registry& registry, const Clock& clock)
      : admin_pool_(std::move(admin_pool)),
        rotator_(*admin_pool_, roots, keys, clock, {.worker = Uuid::MakeV7(clock.Now())}),
        loop_(
            {.name = "key-rotation", .period = absl::Seconds(1)}, [this] { return rotator_.Run(); },
            clock, &registry),
        context_{*admin_pool_, roots, keys, clock, [this] { loop_.Wake(); }},
        keys_(serving, context_),
        audit_(serving, pool, clock) {}

  std::vector<grpc::Service*> services() { return {&keys_, &audit_}; }
  void Start() { loop_.Start(); }
  void Stop() { loop_.Stop(); }

 private:
  const std::unique_ptr<postgres::Pool> admin_pool_;
  KeyRotator rotator_;
  lifecycle::BackgroundLoop loop_;
  const KeyContext context_;
  KeyService keys_;
  CredentialAuditService audit_;
};

}  // namespace penstock::connector
