// The api_specs of connectors, read. One may have megabytes and is read once per change.
#pragma once

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/connector/domain/connector.h"
#include "services/connector/openapi/api_spec.h"

namespace penstock::connector {

class ApiSpecs {
 public:
  // Without operations for a connector that has no api_spec. FAILED_PRECONDITION
  // (CONNECTOR_UNUSABLE) when it can't be read.
  absl::StatusOr<std::shared_ptr<const openapi::ApiSpec>> Get(const Connector& connector);

 private:
  static constexpr size_t kMaxEntries = 200;
  struct Entry {
    int64_t version;
    std::shared_ptr<const openapi::ApiSpec> spec;
  };

  absl::Mutex mutex_;
  absl::flat_hash_map<ConnectorId, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::connector
