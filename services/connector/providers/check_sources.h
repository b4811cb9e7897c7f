// Where a row's facts are from and how old they are.
#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/problems.h"

namespace penstock::connector {

inline constexpr int kMaxVerifiedDays = 400;

void CheckSources(const connector::v1::Provider& provider, std::optional<absl::CivilDay> today,
                  Problems& problems);

}  // namespace penstock::connector
