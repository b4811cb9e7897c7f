// Penstock's public gRPC services as one caller sees them.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "penstock/connector/v1/connector.grpc.pb.h"
#include "penstock/interfaces/v1/webhook.grpc.pb.h"
#include "penstock/workflow/v1/event.grpc.pb.h"
#include "penstock/workflow/v1/execution.grpc.pb.h"
#include "penstock/workflow/v1/workflow.grpc.pb.h"

namespace penstock::harness {

class Clients {
 public:
  // Where each service listens, host:port.
  struct Addresses {
    std::string engine, interfaces, connectors;
  };
  Clients(const Addresses& addresses, std::string api_key);

  workflow::v1::WorkflowService::Stub& workflows() { return *workflows_; }
  workflow::v1::ExecutionService::Stub& executions() { return *executions_; }
  workflow::v1::EventService::Stub& events() { return *events_; }
  interfaces::v1::WebhookService::Stub& webhooks() { return *webhooks_; }
  connector::v1::ConnectorService::Stub& connectors() { return *connector_service_; }
  const std::shared_ptr<grpc::Channel>& connectors_channel() const { return connectors_; }
  const std::shared_ptr<grpc::Channel>& engine_channel() const { return engine_; }
  const std::shared_ptr<grpc::Channel>& interfaces_channel() const { return interfaces_; }

  // Puts the API key and a deadline on a call.
  void Prepare(grpc::ClientContext& context, absl::Duration timeout = absl::Seconds(30)) const;

  // One unary call: Call(&WorkflowService::Stub::GetWorkflow, clients.workflows(), request).
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Stub& stub, const Request& request) const {
    grpc::ClientContext context;
    Prepare(context);
    Response response;
    grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return ToAbsl(status);
    return response;
  }

 private:
  static absl::Status ToAbsl(const grpc::Status& status);

  std::shared_ptr<grpc::Channel> engine_;
  std::shared_ptr<grpc::Channel> interfaces_;
  std::shared_ptr<grpc::Channel> connectors_;
  std::string authorization_;
  std::unique_ptr<workflow::v1::WorkflowService::Stub> workflows_;
  std::unique_ptr<workflow::v1::ExecutionService::Stub> executions_;
  std::unique_ptr<workflow::v1::EventService::Stub> events_;
  std::unique_ptr<interfaces::v1::WebhookService::Stub> webhooks_;
  std::unique_ptr<connector::v1::ConnectorService::Stub> connector_service_;
};

// A workflow from the JSON form of penstock.workflow.v1.Workflow.
absl::StatusOr<workflow::v1::Workflow> ParseWorkflow(const std::string& json);

// Creates and publishes it; the same request id makes it once.
absl::StatusOr<workflow::v1::Workflow> CreateAndPublish(Clients& clients,
                                                        const workflow::v1::Workflow& workflow,
                                                        const std::string& request_id);

}  // namespace penstock::harness
