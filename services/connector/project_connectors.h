// Project connectors: their service, their step and what only they need, wired by hand.
#pragma once

#include <memory>

#include "grpcpp/channel.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "libs/grpc/serving.h"
#include "libs/postgres/pool.h"
#include "services/connector/interfaces_client/interfaces_client.h"
#include "services/connector/ops/interface_step.h"
#include "services/connector/ops/project_connectors.h"
#include "services/connector/rpc/project_connector_service.h"

namespace penstock::connector {

class ProjectConnectors {
 public:
  // All references outlive it.
  ProjectConnectors(rpc::Serving& serving, postgres::Pool& pool, KnownWorkflows& workflows,
                    const std::shared_ptr<grpc::Channel>& interfaces,
                    const auth::ServiceTokens& tokens, const Clock& clock)
      : context_{pool, clock},
        interfaces_(interfaces, tokens),
        step_(context_, workflows, interfaces_, serving.workers()),
        service_(serving, context_) {}

  grpc::Service* service() { return &service_; }
  InterfaceStep& step() { return step_; }
  // Ends the calls that wait for interfaces-service; before the workers stop.
  void Stop() { interfaces_.Stop(); }

 private:
  const ProjectConnectorContext context_;
  InterfacesClient interfaces_;
  InterfaceStep step_;
  ProjectConnectorService service_;
};

}  // namespace penstock::connector
