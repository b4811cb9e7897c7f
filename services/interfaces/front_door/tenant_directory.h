// Who a webhook's URL means. Answers come from memory while they are fresh: known tenants for 5 s
// (looked up again in the background from half of that on, so that a busy tenant never waits),
// unknown ones for 2 s, so that a new tenant works at once. However many ask for one name at a
// time, one look-up is made.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/thread_pool.h"
#include "services/interfaces/domain/webhook_tenant.h"
#include "services/interfaces/storage/tenants.h"

namespace penstock::interfaces {

class TenantDirectory {
 public:
  struct Options {
    absl::Duration known_ttl = absl::Seconds(5);
    absl::Duration unknown_ttl = absl::Seconds(2);
    size_t max_known = 10'000;
    size_t max_unknown = 10'000;
    int64_t default_rate_limit = 0;  // deliveries a second of one tenant; 0 = no limit
  };
  using Find = std::function<absl::StatusOr<std::optional<TenantRow>>(std::string_view client)>;
  // None = there is no such tenant.
  using Answer = std::optional<WebhookTenant>;
  using Answered = std::function<void(const absl::StatusOr<Answer>&)>;

  // `find` runs on `workers` and may block. All outlive the directory; stop `workers` before
  // destroying it.
  TenantDirectory(Find find, lifecycle::ThreadPool& workers, const Clock& clock, Options options);

  // The answer when it is at hand. Never blocks.
  std::optional<Answer> Cached(std::string_view client);
  // The answer later, on a worker; errors are those of the look-up, or RESOURCE_EXHAUSTED when too
  // many wait.
  void LookUp(std::string_view client, Answered answered);

 private:
  struct Entry {
    Answer answer;
    absl::Time found_at;
  };
  using Entries = absl::flat_hash_map<std::string, Entry>;

  void StartLookUp(const std::string& client);
  void Finish(const std::string& client, const absl::StatusOr<std::optional<TenantRow>>& found);
  Answer Remember(const std::string& client, const std::optional<TenantRow>& row)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<RateLimiter> LimiterOf(const TenantRow& row)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static void MakeRoom(Entries& entries, size_t max, absl::Time stale_before);

  const Find find_;
  lifecycle::ThreadPool& workers_;
  const Clock& clock_;
  const Options options_;
  absl::Mutex mutex_;
  Entries known_ ABSL_GUARDED_BY(mutex_);
  Entries unknown_ ABSL_GUARDED_BY(mutex_);
  // Look-ups under way and who waits for them; nobody when it is a refresh.
  absl::flat_hash_map<std::string, std::vector<Answered>> under_way_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<TenantId, std::weak_ptr<RateLimiter>> limiters_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::interfaces
