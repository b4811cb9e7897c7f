// WorkflowService behind a real gRPC server, on a database of its own, with real API keys. Only the
// sandbox is a stand-in: it takes any JavaScript but one that says so.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/grpcpp.h"
#include "libs/auth/api_key_authenticator.h"
#include "libs/clock/clock.h"
#include "libs/grpc/server.h"
#include "libs/grpc/serving.h"
#include "libs/grpc/status_conversion.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "libs/sandbox/sandbox.h"
#include "libs/testing/postgres.h"
#include "libs/testing/tenants.h"
#include "penstock/workflow/v1/workflow.grpc.pb.h"
#include "services/workflow_engine/rpc/workflow_service.h"

namespace penstock::workflow_engine {

// Says of code with "syntax error" in it that it does not compile. Refuses to run anything.
class CompilerOnly final : public sandbox::Pool {
 public:
  absl::Status Submit(sandbox::Evaluation evaluation, Callback done) override;
  sandbox::PoolStats stats() const override { return {}; }
  void KillAll() override {}
};

class WorkflowServer {
 public:
  WorkflowServer();
  ~WorkflowServer();

  testing::TestTenant AddTenant(const std::string& slug);
  testing::TestDatabase& database() { return database_; }
  const NodeTypes& node_types() const { return node_types_; }

  using Stub = workflow::v1::WorkflowService::Stub;
  // Calls as whoever `api_key` belongs to: Call(key, &Stub::GetWorkflow, request).
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const std::string& api_key,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + api_key);
    Response response;
    const absl::Status status =
        rpc::FromGrpcStatus(((*stub_).*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  // One value as text, asked as the superuser. `sql` returns text.
  std::string Ask(const std::string& sql);
  void Run(const std::string& sql);

  // Called from now on whenever the service says that routes changed.
  void OnRoutesChanged(std::function<void(TenantId)> listener);

 private:
  testing::TestDatabase database_;
  std::unique_ptr<postgres::Pool> pool_;
  RealClock clock_;
  metrics::Registry registry_;
  lifecycle::Readiness readiness_;
  lifecycle::ThreadPool workers_;
  auth::ApiKeyAuthenticator api_keys_;
  auth::BearerAuthenticator authenticator_;
  NodeTypes node_types_;
  CompilerOnly sandbox_;
  absl::Mutex mutex_;
  std::function<void(TenantId)> listener_ ABSL_GUARDED_BY(mutex_);
  rpc::Serving serving_;
  WorkflowService service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace penstock::workflow_engine
