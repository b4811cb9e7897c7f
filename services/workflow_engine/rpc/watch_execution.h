// WatchExecution: what is on record about one execution, then what each commit adds, until it is over.
//
// The database is the only source; commits of its tenant say when to look, which happens at most every 50 ms and reads what is new. A client that reads slowly holds up nobody: what it has not
// taken yet is read when it has room. The resume token is the number of the last node execution sent.
#pragma once

#include <memory>

#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/grpc/stream_writer.h"
#include "libs/lifecycle/delayed_tasks.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/postgres/pool.h"
#include "penstock/workflow/v1/execution.pb.h"
#include "services/workflow_engine/engine/commit_signal.h"

namespace penstock::workflow_engine {

struct WatchSources {
  postgres::Pool& pool;  // of the server role
  CommitSignal& commits;
  lifecycle::ThreadPool& workers;
  const Clock& clock;
  lifecycle::Later later;
};

// Returns at once; the stream lives until the execution is over or the client goes.
void WatchExecution(WatchSources sources, const auth::CallContext& caller, const workflow::v1::WatchExecutionRequest& request,
                    std::shared_ptr<rpc::StreamWriter<workflow::v1::WatchExecutionResponse>> writer);

}  // namespace penstock::workflow_engine
