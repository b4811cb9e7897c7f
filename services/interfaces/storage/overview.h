// What a tenant has, counted in the database.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::interfaces {

// Counts. Each stops at storage::kCountedUpTo.
struct Overview {
  TenantId tenant = {};
  absl::Time as_of = {};
  int64_t user_profiles = 0, projects = 0, companies = 0;
  int64_t api_keys = 0;  // that are good
  struct Workflows {
    int64_t draft = 0, active = 0, paused = 0, archived = 0;
  } workflows = {};
  struct Executions {
    int64_t running = 0, paused = 0, completed = 0, failed = 0, cancelled = 0, timed_out = 0,
            terminated = 0;
  } executions = {};
  int64_t webhooks_today = 0;  // since midnight, UTC
};

namespace storage {

inline constexpr int64_t kCountedUpTo = 10'000;

// One statement, so that the counts belong together.
absl::StatusOr<Overview> LoadOverview(postgres::Connection& connection, TenantId tenant);

}  // namespace storage
}  // namespace penstock::interfaces
