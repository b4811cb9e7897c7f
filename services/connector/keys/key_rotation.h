// A rotation of keys: a job in the database that any replica carries on.
//
//   running ──► succeeded: counted, nothing is left under what was rotated away
//     │  ├────► failed: something could not be read, and stays under the old key
//     │  └────► cancelled
//
//   root    each tenant key is wrapped anew under the active root key
//   tenant  a new key for each tenant; each value's data key is wrapped anew, no value is opened
//   data    each value is opened and sealed with a new data key: after a suspected exposure
//   destroy not a rotation: the end of a tenant's keys, kept here as history
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::connector {

struct KeyRotation {
  Uuid id;
  std::string level;  // "root", "tenant", "data", "destroy"
  std::optional<TenantId> of_tenant = {};
  bool destroy_previous = false;
  std::string state = {};  // "running", "succeeded", "failed", "cancelled"
  TenantId at_tenant = {};
  int64_t at_version = 0;
  int64_t rows_done = 0, rows_total = 0, rows_damaged = 0;
  std::optional<int64_t> rows_left = {};
  std::string error = {};
  std::string started_by = {};
  absl::Time created_at = {}, updated_at = {};
  std::optional<absl::Time> ended_at = {};
};

}  // namespace penstock::connector
