#include "tests/bench/start_load.h"

#include <functional>
#include <memory>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "fmt/format.h"

namespace penstock::bench {
namespace {

using std::chrono::steady_clock;
using workflow::v1::Execution;

class Generator {
 public:
  Generator(harness::Clients& clients, const StartLoad& load) : clients_(clients), load_(load) {}

  LoadResult Run() {
    begin_ = steady_clock::now();
    if (load_.starts > 0) {
      StartPaced();
    } else {
      end_ = begin_ + absl::ToChronoNanoseconds(load_.duration);
      for (int i = 0; i < load_.in_flight; ++i) StartOne(steady_clock::now());
    }
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* open) { return *open == 0; }, &open_));
    result_.seconds = std::chrono::duration<double>(steady_clock::now() - begin_).count();
    return std::move(result_);
  }

 private:
  struct Call {
    grpc::ClientContext context;
    workflow::v1::StartExecutionRequest request;
    Execution response;
    SteadyTime since;
  };

  void StartPaced() {
    for (int64_t i = 0; i < load_.starts; ++i) {
      SteadyTime due = begin_;
      if (load_.per_second) {
        due += std::chrono::nanoseconds(static_cast<int64_t>(i * 1e9 / *load_.per_second));
        // Nothing signals that a moment has come but the clock.
        absl::SleepFor(absl::FromChrono(due - steady_clock::now()));
      }
      StartOne(due);
    }
  }

  void StartOne(SteadyTime since) {
    {
      absl::MutexLock lock(&mutex_);
      ++open_;
    }
    auto call = std::make_shared<Call>();
    call->since = since;
    clients_.Prepare(call->context, absl::Minutes(2));
    call->request.set_workflow_id(load_.workflow_id);
    call->request.set_wait_mode(workflow::v1::WAIT_MODE_COMPLETED);
    (*call->request.mutable_input()->mutable_struct_value()->mutable_fields())["n"]
        .set_number_value(0);
    clients_.executions().async()->StartExecution(
        &call->context, &call->request, &call->response,
        [this, call](grpc::Status status) { Finish(*call, status); });
  }

  void Finish(const Call& call, const grpc::Status& status) {
    SteadyTime now = steady_clock::now();
    if (load_.starts == 0 && now < end_) StartOne(now);
    absl::MutexLock lock(&mutex_);
    if (status.ok() && call.response.state() == workflow::v1::EXECUTION_STATE_COMPLETED) {
      ++result_.completed;
      result_.latencies.Add(now - call.since);
    } else if (result_.failed++ == 0) {
      result_.first_failure =
          status.ok() ? call.response.ShortDebugString()
                      : fmt::format("{} {}", status.error_code(), status.error_message());
    }
    --open_;
  }

  harness::Clients& clients_;
  const StartLoad& load_;
  SteadyTime begin_, end_;
  absl::Mutex mutex_;
  int open_ = 0;
  LoadResult result_;
};

}  // namespace

LoadResult RunStartLoad(harness::Clients& clients, const StartLoad& load) {
  return Generator(clients, load).Run();
}

}  // namespace penstock::bench
