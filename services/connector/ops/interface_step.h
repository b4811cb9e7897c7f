// The step that a call_interface node of a workflow has us run.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/lifecycle/thread_pool.h"
#include "services/connector/interfaces_client/interfaces_client.h"
#include "services/connector/ops/known_workflows.h"
#include "services/connector/ops/project_connectors.h"

namespace penstock::connector {

inline constexpr std::string_view kCallInterfaceStep = "interface.call";

class InterfaceStep {
 public:
  using Done = std::function<void(absl::StatusOr<std::string>)>;

  // All outlive it and every `done`.
  InterfaceStep(const ProjectConnectorContext& context, KnownWorkflows& workflows,
                InterfacesClient& interfaces, lifecycle::ThreadPool& workers)
      : context_(context), workflows_(workflows), interfaces_(interfaces), workers_(workers) {}

  // `input` is JSON: {"config": {"project_connector", "wait"?}, "rendered": {"payload"?,
  // "execution_id"?}, "execution": {"id", "workflowId", "callDepth"?}, "idempotencyKey"}. Answers
  // {"executionId"} and, where there is one, "result". Never blocks; calls `done` once, from any
  // thread. NOT_FOUND for a project connector that the workflow's project may not use; the rest is
  // interfaces-service's.
  void Run(const auth::CallContext& engine, const std::string& input, const Done& done);

 private:
  // Which interface it is; on a worker.
  absl::StatusOr<InterfacesClient::Request> Resolve(const auth::CallContext& engine,
                                                    const std::string& input) const;

  const ProjectConnectorContext& context_;
  KnownWorkflows& workflows_;
  InterfacesClient& interfaces_;
  lifecycle::ThreadPool& workers_;
};

}  // namespace penstock::connector
