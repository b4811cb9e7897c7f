#include "services/workflow_engine/engine/definitions.h"

#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/versions.h"

namespace penstock::workflow_engine {

Definitions::Definitions(postgres::Pool& server_pool, const NodeTypes& types, const NodeTypes& platform_types, size_t capacity)
    : pool_(server_pool), types_(types), platform_types_(platform_types), capacity_(capacity) {}

std::shared_ptr<const Graph> Definitions::Cached(TenantId tenant, WorkflowId workflow, int version) {
  absl::MutexLock lock(&mutex_);
  auto found = entries_.find(Key(tenant, workflow, version));
  if (found == entries_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second.position);
  return found->second.graph;
}

absl::StatusOr<std::shared_ptr<const Graph>> Definitions::Get(TenantId tenant, WorkflowId workflow, int version) {
  if (auto graph = Cached(tenant, workflow, version)) return graph;
  ASSIGN_OR_RETURN(Definition definition,
                   postgres::RunInTransactionReturning<Definition>(pool_, {.tenant = tenant}, [&](postgres::Connection& connection) {
                     return storage::LoadVersion(connection, tenant, workflow, version);
                   }));
  std::vector<Problem> problems;
  std::shared_ptr<const Graph> graph = Graph::Compile(definition, tenant == kPlatformTenant ? platform_types_ : types_, problems);
  if (!graph) {
    return absl::InternalError(fmt::format("version {} of workflow {} does not compile on this engine: {}: {}", version, workflow.ToString(),
                                           problems.front().field, problems.front().description));
  }
  absl::MutexLock lock(&mutex_);
  Key key(tenant, workflow, version);
  if (auto found = entries_.find(key); found != entries_.end()) return found->second.graph;  // somebody was faster
  by_use_.push_front(key);
  entries_.emplace(key, Entry{graph, by_use_.begin()});
  if (entries_.size() > capacity_) {
    entries_.erase(by_use_.back());
    by_use_.pop_back();
  }
  return graph;
}

}  // namespace penstock::workflow_engine
