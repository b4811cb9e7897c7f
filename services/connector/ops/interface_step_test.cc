// The step of call_interface nodes: a real database, in front of an interfaces-service that answers
// as it is told.
#include "services/connector/ops/interface_step.h"

#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/grpcpp.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/testing/linked_projects.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::LinkedProjects;
namespace wire = interfaces::v1;

constexpr char kKey[] = "01234567890123456789012345678901";

class FakeInterfaces final : public wire::ServiceInterfaceService::CallbackService {
 public:
  grpc::ServerUnaryReactor* InvokeServiceInterface(
      grpc::CallbackServerContext* context, const wire::InvokeServiceInterfaceRequest* request,
      wire::InvokeServiceInterfaceResponse* response) override {
    absl::MutexLock lock(&mutex);
    last = *request;
    const auto found = context->client_metadata().find("authorization");
    if (found != context->client_metadata().end()) {
      authorization = std::string(found->second.data(), found->second.size());
    }
    *response = answer;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    if (is_silent) {
      silent.push_back(reactor);
    } else {
      reactor->Finish(grpc::Status::OK);
    }
    return reactor;
  }

  absl::Mutex mutex;
  wire::InvokeServiceInterfaceRequest last ABSL_GUARDED_BY(mutex);
  wire::InvokeServiceInterfaceResponse answer ABSL_GUARDED_BY(mutex);
  std::string authorization ABSL_GUARDED_BY(mutex);
  bool is_silent ABSL_GUARDED_BY(mutex) = false;
  std::vector<grpc::ServerUnaryReactor*> silent ABSL_GUARDED_BY(mutex);
};

struct Steps : LinkedProjects {
  Steps() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&interfaces);
    server = builder.BuildAndStart();
    client = std::make_unique<InterfacesClient>(
        grpc::CreateChannel(fmt::format("127.0.0.1:{}", port), grpc::InsecureChannelCredentials()),
        *tokens);
    step = std::make_unique<InterfaceStep>(context, workflows, *client, workers);
    engine.tenant = tenant.tenant;
    engine.service = "workflow-engine";
    engine.deadline = absl::Now() + absl::Seconds(30);
    Run(fmt::format(
        "INSERT INTO connector.project_connectors (tenant_id, project_connector_id, "
        "source_project_id, target_project_id, target_service_id, target_interface_id, name, "
        "display_name) VALUES ('{}', gen_random_uuid(), '{}', '{}', '{}', '{}', 'invoice', 'x')",
        tenant.tenant.ToString(), shop.ToString(), billing.ToString(),
        shop_to_billing.service.ToString(), shop_to_billing.interface.ToString()));
  }
  ~Steps() {
    client->Stop();
    workers.Stop();
    {
      absl::MutexLock lock(&interfaces.mutex);
      for (grpc::ServerUnaryReactor* each : interfaces.silent) {
        each->Finish(grpc::Status::CANCELLED);
      }
    }
    server->Shutdown(std::chrono::system_clock::now());
  }

  // As a node of `workflow` asks.
  absl::StatusOr<std::string> Ask(WorkflowId workflow, const std::string& more = "",
                                  const std::string& rendered = "{}") {
    std::promise<absl::StatusOr<std::string>> answered;
    step->Run(
        engine,
        fmt::format(R"({{"config":{{"project_connector":"invoice"}},"rendered":{},)"
                    R"("execution":{{"id":"e","workflowId":"{}"{}}},"idempotencyKey":"e/n/1"}})",
                    rendered, workflow.ToString(), more),
        [&](absl::StatusOr<std::string> output) { answered.set_value(std::move(output)); });
    return answered.get_future().get();
  }
  wire::InvokeServiceInterfaceRequest Last() {
    absl::MutexLock lock(&interfaces.mutex);
    return interfaces.last;
  }

  RealClock clock;
  const ProjectConnectorContext context{*pool, clock};
  KnownWorkflows workflows{*pool, clock};
  std::unique_ptr<auth::ServiceTokens> tokens = Check(
      auth::ServiceTokens::Create(crypto::Secret(std::string(kKey)), "connector-service", clock),
      "tokens");
  lifecycle::ThreadPool workers{{.name = "test", .threads = 2}};
  FakeInterfaces interfaces;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<InterfacesClient> client;
  std::unique_ptr<InterfaceStep> step;
  auth::CallContext engine;
};

TEST_CASE_METHOD(Steps, "a workflow's call becomes one of the interface, for its tenant") {
  {
    absl::MutexLock lock(&interfaces.mutex);
    interfaces.answer.set_execution_id("e7");
  }
  // A workflow of the project shop.
  CHECK(Check(Ask(billing_to_shop.service, "", R"({"payload":{"total":7}})"), "ask") ==
        R"({"executionId":"e7"})");
  CHECK(Last().id() == shop_to_billing.interface.ToString());
  CHECK(Last().payload().struct_value().fields().at("total").number_value() == 7);
  CHECK(Last().idempotency_key() == "e/n/1");
  CHECK(Last().depth() == 1);
  absl::MutexLock lock(&interfaces.mutex);
  const auto caller =
      Check(tokens->Authenticate(interfaces.authorization.substr(7), absl::Now()), "token");
  CHECK(caller.tenant == tenant.tenant);
  CHECK(caller.service == "connector-service");
}

TEST_CASE_METHOD(Steps, "a result is told, and the depth goes on") {
  {
    absl::MutexLock lock(&interfaces.mutex);
    interfaces.answer.set_execution_id("e7");
    interfaces.answer.mutable_result()->set_bool_value(true);
  }
  CHECK(Check(Ask(billing_to_shop.service, R"(,"callDepth":4)", R"({"execution_id":"e7"})"),
              "ask") == R"({"executionId":"e7","result":true})");
  CHECK(Last().depth() == 5);
  CHECK(Last().execution_id() == "e7");
}

TEST_CASE_METHOD(Steps, "a workflow of another project may not use what is private") {
  const absl::Status refused = Ask(shop_to_billing.service).status();
  CHECK(absl::IsNotFound(refused));
  CHECK(Last().id().empty());
  CHECK(absl::IsNotFound(Ask(WorkflowId::Make(absl::Now())).status()));
  engine.tenant = stranger.tenant;
  CHECK(absl::IsNotFound(Ask(billing_to_shop.service).status()));
}

TEST_CASE_METHOD(Steps, "an interfaces-service that is away is told without its address") {
  server->Shutdown(std::chrono::system_clock::now());
  const absl::Status away = Ask(billing_to_shop.service).status();
  CHECK(ReasonOf(away) == "INTERFACES_UNREACHABLE");
  CHECK(std::string(away.message()).find("127.0.0.1") == std::string::npos);
}

TEST_CASE_METHOD(Steps, "calls that wait hold no thread and end with the service") {
  {
    absl::MutexLock lock(&interfaces.mutex);
    interfaces.is_silent = true;
  }
  // More than there are workers.
  std::vector<std::promise<absl::Status>> answered(8);
  for (auto& each : answered) {
    step->Run(
        engine,
        fmt::format(R"({{"config":{{"project_connector":"invoice"}},"rendered":{{}},)"
                    R"("execution":{{"workflowId":"{}"}},"idempotencyKey":"k"}})",
                    billing_to_shop.service.ToString()),
        [&each](const absl::StatusOr<std::string>& output) { each.set_value(output.status()); });
  }
  // A worker is free for another call while those wait.
  std::promise<void> free;
  Check(workers.Submit([&] { free.set_value(); }), "submit");
  free.get_future().wait();
  client->Stop();
  for (auto& each : answered) CHECK_FALSE(each.get_future().get().ok());
}

TEST_CASE_METHOD(Steps, "an input that is not as the engine makes it is refused") {
  for (const char* input : {"", "[]", R"({"config":{},"rendered":{}})",
                            R"({"config":{"project_connector":7},"rendered":{},"execution":{}})"}) {
    std::promise<absl::Status> answered;
    step->Run(engine, input, [&](const absl::StatusOr<std::string>& output) {
      answered.set_value(output.status());
    });
    CHECK(absl::IsInvalidArgument(answered.get_future().get()));
  }
}

}  // namespace
}  // namespace penstock::connector
