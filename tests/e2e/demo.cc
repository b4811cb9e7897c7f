// The main job, for a reader of the terminal: makes sure that the sample workflow is published,
// fires its webhook, and reads the execution back. ./dev up ends with it; its settings are those of
// .dev/env.
#include <stdio.h>

#include <fstream>
#include <iterator>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/time_util.h"
#include "libs/config/environment.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "tests/harness/clients.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

using interfaces::v1::WebhookService;
using workflow::v1::Execution;
using workflow::v1::ExecutionService;

std::string ToText(const google::protobuf::Value& value) {
  if (value.has_string_value()) return value.string_value();
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(value, &json);
  return json;
}

double MillisecondsBetween(const google::protobuf::Timestamp& start,
                           const google::protobuf::Timestamp& end) {
  return google::protobuf::util::TimeUtil::DurationToMicroseconds(end - start) / 1000.0;
}

// Follows the execution until it has ended.
absl::StatusOr<Execution> AwaitEnd(harness::Clients& clients, const std::string& id) {
  workflow::v1::WatchExecutionRequest watch;
  watch.set_id(id);
  grpc::ClientContext context;
  clients.Prepare(context);
  auto stream = clients.executions().WatchExecution(&context, watch);
  for (workflow::v1::WatchExecutionResponse change; stream->Read(&change);) {
  }
  if (grpc::Status ended = stream->Finish(); !ended.ok()) {
    return absl::InternalError(fmt::format("watching {}: {}", id, ended.error_message()));
  }
  workflow::v1::GetExecutionRequest get;
  get.set_id(id);
  return clients.Call(&ExecutionService::Stub::GetExecution, clients.executions(), get);
}

void Print(const Execution& execution) {
  fmt::print("\n  execution {}  version {}  {}  {:.2f} ms\n", execution.id(), execution.version(),
             ExecutionState_Name(execution.state()).substr(sizeof("EXECUTION_STATE_") - 1),
             MillisecondsBetween(execution.start_time(), execution.end_time()));
  fmt::print("  {:>3}  {:<12} {:<9} {:<10} {:>8}  {}\n", "#", "node", "type", "state", "ms",
             "output");
  for (const workflow::v1::NodeExecution& node : execution.node_executions()) {
    fmt::print("  {:>3}  {:<12} {:<9} {:<10} {:>8.2f}  {}\n", node.sequence(), node.node_id(),
               node.node_type(), NodeState_Name(node.state()).substr(sizeof("NODE_STATE_") - 1),
               MillisecondsBetween(node.start_time(), node.end_time()), ToText(node.output()));
  }
  fmt::print("\n{}\n", ToText(execution.result()));
}

constexpr char kNext[] = R"(
Next, with the settings of this installation:

  source .dev/env
  curl -s -X POST $PENSTOCK_HTTP/webhooks/$PENSTOCK_TENANT/webhook/test -H 'content-type: application/json' -d '{{"message":"hello"}}'
  curl -s $PENSTOCK_ENGINE_ADMIN/metrics | head

grpcurl (not in Debian: go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.8.7) lists, describes and calls everything:

  grpcurl -plaintext $PENSTOCK_ENGINE list
  grpcurl -plaintext $PENSTOCK_ENGINE describe penstock.workflow.v1.ExecutionService
  grpcurl -plaintext -H "authorization: Bearer $PENSTOCK_API_KEY" -d '{{"id":"{execution}"}}' $PENSTOCK_ENGINE penstock.workflow.v1.ExecutionService/GetExecution
  grpcurl -plaintext -H "authorization: Bearer $PENSTOCK_API_KEY" -d '{{"workflow_id":"{workflow}","input":{{"message":"again"}},"wait_mode":"WAIT_MODE_COMPLETED"}}' $PENSTOCK_ENGINE penstock.workflow.v1.ExecutionService/StartExecution
  grpcurl -plaintext -H "authorization: Bearer $PENSTOCK_API_KEY" -d '{{"page_size":5}}' $PENSTOCK_ENGINE penstock.workflow.v1.EventService/ListEvents
  grpcurl -plaintext -H "authorization: Bearer $PENSTOCK_API_KEY" $PENSTOCK_CONNECTORS penstock.connector.v1.ProviderService/ListProviders
  grpcurl -plaintext -H "authorization: Bearer $PENSTOCK_API_KEY" -d '{{"page_size":5}}' $PENSTOCK_INTERFACES penstock.interfaces.v1.WebhookService/ListDeliveries

./dev status says what runs, ./dev logs what it does, ./dev down stops it.
)";

absl::Status Run(const std::string& sample_file) {
  config::Environment settings = config::ReadEnvironment();
  harness::Clients clients({.engine = settings["PENSTOCK_ENGINE"],
                            .interfaces = settings["PENSTOCK_INTERFACES"],
                            .connectors = settings["PENSTOCK_CONNECTORS"]},
                           settings["PENSTOCK_API_KEY"]);
  std::ifstream file(sample_file);
  std::string json{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  ASSIGN_OR_RETURN(workflow::v1::Workflow sample, harness::ParseWorkflow(json));
  ASSIGN_OR_RETURN(sample, harness::CreateAndPublish(clients, sample, "seed-002-sample"));

  std::string url = fmt::format("{}/webhooks/{}/webhook/test", settings["PENSTOCK_HTTP"],
                                settings["PENSTOCK_TENANT"]);
  std::string message = R"({"message":"hello"})";
  fmt::print("\nPOST {} {}\n", url, message);
  ASSIGN_OR_RETURN(harness::HttpReply reply, harness::PostJson(url, message));
  fmt::print("{} {}\n", reply.status, reply.body);
  nlohmann::json receipt = nlohmann::json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  if (reply.status != 200 || !receipt.is_object() || !receipt.contains("webhookId")) {
    return absl::InternalError("the webhook was not accepted");
  }

  interfaces::v1::GetDeliveryRequest get;
  get.set_id(receipt["webhookId"].get<std::string>());
  ASSIGN_OR_RETURN(interfaces::v1::Delivery delivery,
                   clients.Call(&WebhookService::Stub::GetDelivery, clients.webhooks(), get));
  if (delivery.execution_ids().empty()) return absl::InternalError("the webhook started nothing");
  ASSIGN_OR_RETURN(Execution execution, AwaitEnd(clients, delivery.execution_ids(0)));
  Print(execution);
  fmt::print(kNext, fmt::arg("execution", execution.id()), fmt::arg("workflow", sample.id()));
  if (execution.state() == workflow::v1::EXECUTION_STATE_COMPLETED) return absl::OkStatus();
  return absl::InternalError("the sample did not complete");
}

}  // namespace
}  // namespace penstock::e2e

int main(int argc, char** argv) {
  if (argc != 2) {
    fputs("usage: demo SAMPLE_FILE (with the settings of .dev/env)\n", stderr);
    return 2;
  }
  absl::Status status = penstock::e2e::Run(argv[1]);
  if (!status.ok()) fmt::print(stderr, "{}\n", status.ToString());
  return status.ok() ? 0 : 1;
}
