// Compiled versions, by (tenant, workflow, version). Versions are immutable, so an entry never goes stale; the least used ones are dropped.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/graph.h"
#include "services/workflow_engine/nodes/registry.h"

namespace penstock::workflow_engine {

class Definitions {
 public:
  // `platform_types` are those that the platform's own workflows may use. All outlive this object.
  Definitions(postgres::Pool& server_pool, const NodeTypes& types, const NodeTypes& platform_types, size_t capacity);

  // The graph if it is in memory; null otherwise. Never blocks on the database.
  std::shared_ptr<const Graph> Cached(TenantId tenant, WorkflowId workflow, int version);

  // Loads and compiles if need be; blocks. NOT_FOUND when there is no such version, INTERNAL when it does not compile (any more).
  absl::StatusOr<std::shared_ptr<const Graph>> Get(TenantId tenant, WorkflowId workflow, int version);

 private:
  using Key = std::tuple<TenantId, WorkflowId, int>;
  struct Entry {
    std::shared_ptr<const Graph> graph;
    std::list<Key>::iterator position;
  };

  postgres::Pool& pool_;
  const NodeTypes& types_;
  const NodeTypes& platform_types_;
  const size_t capacity_;
  absl::Mutex mutex_;
  std::list<Key> by_use_ ABSL_GUARDED_BY(mutex_);  // most recent first
  absl::flat_hash_map<Key, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::workflow_engine
