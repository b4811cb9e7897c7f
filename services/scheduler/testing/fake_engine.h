// An engine for tests: a real gRPC server with ExecutionService and health that keeps what it is
// asked for. Like the real one it starts one execution for a key, ever, and refuses the key for
// another request.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/server.h"
#include "penstock/workflow/v1/execution.grpc.pb.h"

namespace penstock::scheduler::testing {

class FakeEngine {
 public:
  FakeEngine();
  ~FakeEngine();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  struct Started {
    std::string execution, workflow, key, input;
    workflow::v1::ExecutionState state;
    int calls = 0;  // how often it was asked for
    absl::Time at;
  };
  // By key.
  std::map<std::string, Started> started() const;
  bool AwaitStarts(size_t count, absl::Duration at_most = absl::Seconds(30)) const;
  // Requests with a used key that asked for something else.
  int conflicts() const;

  // How executions are when they have started, from now on; COMPLETED at first.
  void StartAs(workflow::v1::ExecutionState state);
  // All that run end so.
  void EndAll(workflow::v1::ExecutionState state);
  // Refuses starts with this status until told OK.
  void Refuse(grpc::Status status);

 private:
  class Executions;
  class Health;
  std::unique_ptr<Executions> executions_;
  std::unique_ptr<Health> health_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace penstock::scheduler::testing
