// Service interfaces: their service and what only it needs, wired by hand.
#pragma once

#include <memory>

#include "grpcpp/channel.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "libs/grpc/serving.h"
#include "libs/postgres/pool.h"
#include "services/interfaces/engine_client/engine_executions.h"
#include "services/interfaces/ops/invoke_interface.h"
#include "services/interfaces/ops/service_interfaces.h"
#include "services/interfaces/rpc/service_interface_service.h"

namespace penstock::interfaces {

class ServiceInterfaces {
 public:
  // All references outlive it.
  ServiceInterfaces(rpc::Serving& serving, postgres::Pool& pool,
                    const std::shared_ptr<grpc::Channel>& engine, const auth::ServiceTokens& tokens,
                    const Clock& clock)
      : context_{pool, clock},
        executions_(engine, tokens),
        calls_(context_, executions_, serving.workers()),
        service_(serving, context_, calls_) {}

  grpc::Service* service() { return &service_; }
  // Ends the calls that wait for the engine; before the workers stop.
  void Stop() { executions_.Stop(); }

 private:
  const InterfaceContext context_;
  EngineExecutions executions_;
  InterfaceCalls calls_;
  ServiceInterfaceService service_;
};

}  // namespace penstock::interfaces
