// The engine's calls that the scheduler makes, without a thread each: starting executions and
// asking how they are.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "penstock/workflow/v1/execution.grpc.pb.h"
#include "services/scheduler/storage/claims.h"

namespace penstock::scheduler {

class EngineClient {
 public:
  using Done = std::function<void(absl::StatusOr<workflow::v1::Execution>)>;

  // `tokens` and `clock` outlive the client, and every call its `done`.
  EngineClient(std::shared_ptr<grpc::Channel> channel, const auth::ServiceTokens& tokens,
               const Clock& clock);

  // Each calls `done` once, from a thread of gRPC. Starting the same instant again answers with the
  // same execution; one that ends within moments comes back as it ended.
  void Start(const storage::RunTask& task, Done done);
  void Get(const storage::RunTask& task, Done done);
  // Ends it as the task says.
  void End(const storage::RunTask& task, Done done);

  // OK when the engine says SERVING.
  absl::Status CheckHealth(absl::Time deadline) const;

 private:
  struct Call;
  void SendStart(const storage::RunTask& task, workflow::v1::WaitMode wait, absl::Duration timeout,
                 Done done);
  void Cancel(const storage::RunTask& task, Done done);
  void Terminate(const storage::RunTask& task, Done done);
  std::shared_ptr<Call> NewCall(TenantId tenant, absl::Duration timeout, Done done) const;

  const std::shared_ptr<grpc::Channel> channel_;
  const auth::ServiceTokens& tokens_;
  const Clock& clock_;
  const std::unique_ptr<workflow::v1::ExecutionService::Stub> executions_;
};

// What a task's call came to.
storage::RunResult ResultOf(const storage::RunTask& task,
                            const absl::StatusOr<workflow::v1::Execution>& answer);

}  // namespace penstock::scheduler
