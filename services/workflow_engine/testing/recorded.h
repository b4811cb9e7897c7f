// Rows of the execution tables as the engine would have written them, for tests of what reads them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "libs/postgres/pool.h"
#include "libs/testing/postgres.h"
#include "services/workflow_engine/domain/execution_state.h"

namespace penstock::workflow_engine {

struct RecordedExecution {
  TenantId tenant = {};
  WorkflowId workflow = WorkflowId::Make(absl::FromUnixSeconds(1));
  ExecutionState state = ExecutionState::kCompleted;
  absl::Time at;
  std::string input = R"({"type":"manual","data":1})";
  std::string result = "";  // empty = NULL
  std::string error = "";
};

struct RecordedNode {
  TenantId tenant = {};
  ExecutionId execution = {};
  int sequence = 1;
  std::string node_id = "n";
  std::string output = "null";
};

struct RecordedOpenNode {
  TenantId tenant = {};
  ExecutionId execution = {};
  std::string node_id = {};
  std::optional<absl::Time> wake_at = {};
  absl::Time at;
};

struct RecordedDelivery {
  TenantId tenant = {};
  absl::Time at;
  std::string trigger_type = "webhook";
  std::string action_type = "test";
  std::string payload = "{}";
};

// A migrated database and the pool that services read it through.
class Recorded {
 public:
  Recorded();

  postgres::Pool& pool() { return *pool_; }  // of the server role
  const testing::TestDatabase& database() const { return database_; }

  static TenantId MakeTenant();
  static auth::CallContext CallerOf(TenantId tenant);

  ExecutionId Add(const RecordedExecution& execution);
  void Add(const RecordedNode& node);
  void Add(const RecordedOpenNode& node);
  WebhookId Add(const RecordedDelivery& delivery);
  // Returns what a column refers to it by.
  std::string AddLargePayload(TenantId tenant, const std::string& json);
  // Publishes version 1 of a workflow whose nodes are this JSON.
  WorkflowId AddVersion(TenantId tenant, const std::string& nodes);
  // Appends to the tenant's stream, in one transaction under its lock.
  void AddEvents(TenantId tenant, int count, std::string_view type = "test.happened",
                 std::optional<WorkflowId> workflow = std::nullopt);

  // As the superuser; aborts on an error.
  void Run(const std::string& sql);

 private:
  testing::TestDatabase database_;
  std::unique_ptr<postgres::Connection> superuser_;
  std::unique_ptr<postgres::Pool> pool_;
};

}  // namespace penstock::workflow_engine
