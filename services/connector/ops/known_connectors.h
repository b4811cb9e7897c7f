// Connectors as calls need them: read once, taken apart, and kept for a moment. A change made here
// is seen at once, one made by another replica within kMaxAge; by a call that opens a secret at
// once, as the opening proves the version of the connector (Use::owner_version).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/recent/recent.h"
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
  absl::Time read_at;  // no later than what it says was so
};

class KnownConnectors {
 public:
  static constexpr absl::Duration kMaxAge = absl::Seconds(2);

  explicit KnownConnectors(const ConnectorContext& context)
      : context_(context), connectors_(kMaxAge), names_(kMaxAge) {}

  // NOT_FOUND as FindConnector.
  absl::StatusOr<std::shared_ptr<const KnownConnector>> Get(const auth::CallContext& caller,
                                                            ConnectorId id);
  // Of the caller's project, or else of the whole tenant. NOT_FOUND when there is none.
  absl::StatusOr<ConnectorId> Find(const auth::CallContext& caller, const std::string& name);
  // After one was made, changed or deleted.
  void Forget(TenantId tenant, ConnectorId id);

 private:
  using Key = std::pair<TenantId, ConnectorId>;
  // As callers of a project (nil: of none) say it.
  using Name = std::tuple<TenantId, ProjectId, std::string>;

  absl::StatusOr<std::shared_ptr<const KnownConnector>> Read(const auth::CallContext& caller,
                                                             ConnectorId id) const;

  // The connector's, or where its grant's token answer said that the API is.
  absl::StatusOr<std::string> BaseUrlOf(
      const auth::CallContext& caller, const Connector& connector,
      const std::optional<connector::v1::Provider>& provider) const;

  const ConnectorContext& context_;
  Recent<Key, std::shared_ptr<const KnownConnector>> connectors_;
  Recent<Name, ConnectorId> names_;
};

}  // namespace penstock::connector
