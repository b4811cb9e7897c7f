// The rules that every row of the catalogue keeps, and the stricter ones of rows that tenants add.
// A row says where credentials are sent, so that what is not plainly right is refused.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "absl/time/civil_time.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/problems.h"

namespace penstock::connector {

enum class Strictness {
  kRelease,
  // Besides: no id of the release's, only public DNS names, no wildcard over names that anybody can
  // register, at most kMaxTenantProviderBytes as JSON.
  kTenant,
};

inline constexpr size_t kMaxTenantProviderBytes = 32 << 10;

struct ProviderCheck {
  Strictness strictness = Strictness::kRelease;
  // With a day, verified_on must not be after it nor more than kMaxVerifiedDays (check_sources.h)
  // before, and deprecates_on must be after it. Without (a service that starts), both need only be
  // days.
  std::optional<absl::CivilDay> today = {};
  // Ids that a tenant's row may not take.
  const std::set<std::string, std::less<>>* release_ids = nullptr;
};

// Everything that is wrong, with paths such as "auth[0].config.token_url"; empty when all is right.
Problems CheckProvider(const connector::v1::Provider& provider, const ProviderCheck& check);

}  // namespace penstock::connector
