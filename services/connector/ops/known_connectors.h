// Connectors as calls need them: read once, taken apart, and kept for a moment. A change made here
// is seen at once, one made by another replica within kMaxAge.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/auth/strategy.h"
#include "services/connector/ops/connector_context.h"
#include "services/connector/outbound/signals.h"
#include "services/connector/outbound/target.h"

namespace penstock::connector {

struct KnownConnector {
  Connector connector;
  const AuthStrategy* strategy = nullptr;
  Json config, data;
  Target target;
  std::optional<connector::v1::Provider> provider;  // of its service_name, where there is one
  ResponseSignals signals;
};

class KnownConnectors {
 public:
  static constexpr absl::Duration kMaxAge = absl::Seconds(2);

  explicit KnownConnectors(const ConnectorContext& context) : context_(context) {}

  // NOT_FOUND as FindConnector.
  absl::StatusOr<std::shared_ptr<const KnownConnector>> Get(const auth::CallContext& caller,
                                                            ConnectorId id);
  // After a change.
  void Forget(TenantId tenant, ConnectorId id);

 private:
  struct Entry {
    std::shared_ptr<const KnownConnector> known;
    absl::Time read_at;
  };
  using Key = std::pair<TenantId, ConnectorId>;

  absl::StatusOr<std::shared_ptr<const KnownConnector>> Read(const auth::CallContext& caller,
                                                             ConnectorId id) const;

  // The connector's, or where its grant's token answer said that the API is.
  absl::StatusOr<std::string> BaseUrlOf(
      const auth::CallContext& caller, const Connector& connector,
      const std::optional<connector::v1::Provider>& provider) const;

  const ConnectorContext& context_;
  absl::Mutex mutex_;
  absl::flat_hash_map<Key, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::connector
