#include "tests/harness/clients.h"

#include <chrono>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "libs/grpc/status_conversion.h"
#include "libs/status/macros.h"

namespace penstock::harness {
namespace {

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  // A killed service is back in a moment; gRPC's own back-off starts at a second.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  // How long one attempt may take: on a busy machine a handshake is no matter of milliseconds.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  // Clients of one address share a connection otherwise, and one's trouble is the other's.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Clients::Clients(const Addresses& addresses, std::string api_key)
    : engine_(Connect(addresses.engine)),
      interfaces_(Connect(addresses.interfaces)),
      connectors_(Connect(addresses.connectors)),
      authorization_("Bearer " + std::move(api_key)),
      workflows_(workflow::v1::WorkflowService::NewStub(engine_)),
      executions_(workflow::v1::ExecutionService::NewStub(engine_)),
      events_(workflow::v1::EventService::NewStub(engine_)),
      webhooks_(interfaces::v1::WebhookService::NewStub(interfaces_)),
      connector_service_(connector::v1::ConnectorService::NewStub(connectors_)) {}

void Clients::Prepare(grpc::ClientContext& context, absl::Duration timeout) const {
  context.AddMetadata("authorization", authorization_);
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(timeout));
}

absl::Status Clients::ToAbsl(const grpc::Status& status) { return rpc::FromGrpcStatus(status); }

absl::StatusOr<workflow::v1::Workflow> ParseWorkflow(const std::string& json) {
  workflow::v1::Workflow workflow;
  auto parsed = google::protobuf::util::JsonStringToMessage(json, &workflow);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("not a workflow: {}", std::string(parsed.message())));
  }
  return workflow;
}

absl::StatusOr<workflow::v1::Workflow> CreateAndPublish(Clients& clients,
                                                        const workflow::v1::Workflow& workflow,
                                                        const std::string& request_id) {
  using workflow::v1::WorkflowService;
  workflow::v1::CreateWorkflowRequest create;
  *create.mutable_workflow() = workflow;
  create.set_request_id(request_id);
  ASSIGN_OR_RETURN(
      workflow::v1::Workflow created,
      clients.Call(&WorkflowService::Stub::CreateWorkflow, clients.workflows(), create));
  if (created.status() == workflow::v1::WORKFLOW_STATUS_ACTIVE) return created;
  workflow::v1::PublishWorkflowRequest publish;
  publish.set_id(created.id());
  return clients.Call(&WorkflowService::Stub::PublishWorkflow, clients.workflows(), publish);
}

}  // namespace penstock::harness
