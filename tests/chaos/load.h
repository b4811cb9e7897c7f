// Callers that never give up: webhooks (answered at once, and when completed) and starts (with keys
// and without, through waits and retries), each noting what was acknowledged.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "tests/chaos/acknowledged.h"
#include "tests/harness/deployment.h"

namespace penstock::chaos {

class Load {
 public:
  // Publishes the workflows and begins.
  static absl::StatusOr<std::unique_ptr<Load>> Begin(harness::Deployment& deployment,
                                                     uint32_t seed);
  ~Load() { End(); }

  // Stops calling; returns when every caller has had its last answer.
  void End();
  const Acknowledged& acknowledged() const { return acknowledged_; }

 private:
  explicit Load(harness::Deployment& deployment, uint32_t seed)
      : deployment_(deployment), seed_(seed) {}
  // Calls `call` over and over until the end; it says whether the call was answered as hoped.
  void Repeat(std::function<bool()> call);
  void PostWebhooks(const std::string& action, int caller);
  bool StartOnce(const std::string& workflow_id, const std::string& key, int engine);
  void StartWithKeys(const std::string& workflow_id, int caller);

  harness::Deployment& deployment_;
  const uint32_t seed_;
  Acknowledged acknowledged_;
  absl::Notification over_;
  std::vector<std::thread> callers_;
};

}  // namespace penstock::chaos
