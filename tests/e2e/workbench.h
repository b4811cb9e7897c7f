// What most end-to-end tests share: one deployment for the whole process, and short ways to
// publish, start and look.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "tests/harness/deployment.h"

namespace penstock::e2e {

using harness::Clients;
using harness::Deployment;
using interfaces::v1::WebhookService;
using workflow::v1::EventService;
using workflow::v1::Execution;
using workflow::v1::ExecutionService;
using workflow::v1::WorkflowService;

// Started on first use; a set-up that fails ends the process with a message.
Deployment& SharedDeployment();

// The value, or the end of the test with the status.
template <typename T>
T Must(absl::StatusOr<T> value);
void Must(const absl::Status& status);

// A node and an edge in the API's JSON form.
nlohmann::json Node(const std::string& id, const std::string& type, nlohmann::json config);
nlohmann::json Edge(const std::string& source, const std::string& target);
nlohmann::json WebhookTrigger(const std::string& action,
                              nlohmann::json more = nlohmann::json::object());

// A definition in the API's JSON form, with edges from each node to the next.
nlohmann::json Chain(const std::vector<nlohmann::json>& nodes);

// Creates and publishes, in the tenant's default project unless said; returns the workflow's id.
std::string Publish(Clients& clients, const nlohmann::json& definition,
                    const std::string& project = "");

absl::StatusOr<Execution> Start(Clients& clients, const std::string& workflow_id,
                                const nlohmann::json& input, workflow::v1::WaitMode wait,
                                const std::string& key = "");
absl::StatusOr<Execution> Get(Clients& clients, const std::string& id);

// Follows the execution to its end and returns it with its nodes.
absl::StatusOr<Execution> AwaitEnd(Clients& clients, const std::string& id);

// The webhooks of an action that were stored, newest first.
absl::StatusOr<interfaces::v1::ListDeliveriesResponse> Deliveries(Clients& clients,
                                                                  const std::string& action);

nlohmann::json ToJson(const google::protobuf::Message& message);

template <typename T>
T Must(absl::StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

}  // namespace penstock::e2e
