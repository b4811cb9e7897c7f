// Calls to interfaces-service and the engine that go on whatever happens, each with a name of its own, and what was answered to each: so
// that afterwards every promise can be looked up, and nothing found twice.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "libs/postgres/connection.h"
#include "tests/e2e/workbench.h"

namespace penstock::resilience {

class Traffic {
 public:
  // Two callers of each service from now on, none of which repeats a call. `deployment` outlives it.
  explicit Traffic(e2e::Deployment& deployment);
  ~Traffic() { End(); }

  // Returns when each service has acknowledged `more` calls from now on; false when it takes longer than half a minute.
  bool AwaitAcknowledged(int more);
  void End();

  // What does not fit: acknowledged and not there, refused for good and there, there twice. By a superuser's connection, after End.
  std::vector<std::string> BrokenPromises(postgres::Connection& database);
  int refused() const;

 private:
  using Answers = std::map<std::string, absl::Status>;  // by the name of the call
  struct Service {
    std::atomic<int> acknowledged = 0;
    Answers answers;
  };

  void Repeat(Service& service, const std::string& caller, std::function<absl::Status(const std::string&)> call);
  static void Compare(const Answers& answers, const std::map<std::string, int64_t>& found, std::vector<std::string>& broken);

  e2e::Deployment& deployment_;
  mutable absl::Mutex mutex_;
  Service keys_, executions_;  // their answers by mutex_
  std::string workflow_;
  absl::Notification over_;
  std::vector<std::thread> callers_;
};

}  // namespace penstock::resilience
