// Which workflows a delivery starts. The rows that publish wrote are the only truth; what is kept here is a copy that its generation
// tells fresh from stale.
//
// A publish ends only when every live engine has dropped its copy (InvalidateRoutes). For what that misses, a loop compares generations
// once a second while copies are in use.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/clock/clock.h"
#include "libs/crypto/sealer.h"
#include "libs/crypto/secret.h"
#include "libs/ids/uuid.h"
#include "libs/json/path.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/ingress/signature.h"

namespace penstock::workflow_engine {

enum class RespondWhen { kNow, kCompleted, kResponse };

// Where a delivery's own id is.
struct DedupeRule {
  std::string name;  // the same for equal rules, and for no others
  std::string header;  // lower case; empty = look in the body
  json::Path path;
};

struct TriggerRoute {
  WorkflowId workflow;
  int version = 0;
  std::string node_id;
  std::string trigger_type;
  std::string action_type;
  RespondWhen respond = RespondWhen::kNow;
  std::optional<SignatureRule> signature;
  std::optional<DedupeRule> dedupe;
};

// Trigger types that no delivery starts: a caller with credentials, and the scheduler.
inline constexpr std::string_view kManualTrigger = "manual";
inline constexpr std::string_view kScheduleTrigger = "schedule";

class TenantRoutes {
 public:
  int64_t generation = 0;
  // Oldest workflow first, so that the first to answer is always the same one.
  std::vector<TriggerRoute> routes;
  absl::flat_hash_map<std::string, crypto::Secret> secrets;

  // Those of a delivery.
  std::vector<const TriggerRoute*> Match(std::string_view trigger_type, std::string_view action_type) const;
  // The route by which a manual start of an active workflow goes: its manual trigger if it has one, else its first. Null when it is not active.
  const TriggerRoute* ForManualStart(WorkflowId workflow) const;
};

class Routes {
 public:
  // `engine_pool` connects as the engine role, which may compare the generations of all tenants at once.
  Routes(postgres::Pool& server_pool, postgres::Pool& engine_pool, const crypto::Sealer& sealer, const Clock& clock, metrics::Registry& registry);
  ~Routes();
  void Start() { refresh_.Start(); }

  // The copy, if there is one. Never blocks on the database.
  std::shared_ptr<const TenantRoutes> Cached(TenantId tenant);
  // Loads if need be; blocks.
  absl::StatusOr<std::shared_ptr<const TenantRoutes>> Get(TenantId tenant);
  void Invalidate(TenantId tenant);

 private:
  struct Entry {
    std::shared_ptr<const TenantRoutes> routes;
    absl::Time used;
  };

  absl::StatusOr<std::shared_ptr<const TenantRoutes>> Load(TenantId tenant);
  absl::Status Refresh();

  postgres::Pool& pool_;
  postgres::Pool& engine_pool_;
  const crypto::Sealer& sealer_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<TenantId, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  // Raised by Invalidate: a load that began before must not be kept.
  uint64_t invalidations_ ABSL_GUARDED_BY(mutex_) = 0;
  lifecycle::BackgroundLoop refresh_;
};

}  // namespace penstock::workflow_engine
