#include "services/connector/ops/api_specs.h"

#include <utility>

#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {

absl::StatusOr<std::shared_ptr<const openapi::ApiSpec>> ApiSpecs::Get(const Connector& connector) {
  {
    absl::MutexLock lock(&mutex_);
    const auto found = entries_.find(connector.id);
    if (found != entries_.end() && found->second.version == connector.version) {
      return found->second.spec;
    }
  }
  absl::StatusOr<openapi::ApiSpec> read =
      openapi::ApiSpec::Parse(nlohmann::json::parse(connector.api_spec.value_or("{}")));
  if (!read.ok()) {
    return WithReason(absl::FailedPreconditionError(std::string(read.status().message())),
                      "CONNECTOR_UNUSABLE");
  }
  auto spec = std::make_shared<const openapi::ApiSpec>(*std::move(read));
  absl::MutexLock lock(&mutex_);
  if (entries_.size() >= kMaxEntries) entries_.clear();
  entries_.insert_or_assign(connector.id, Entry{connector.version, spec});
  return spec;
}

}  // namespace penstock::connector
