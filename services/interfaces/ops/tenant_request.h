// What is asked for when a tenant is made, and as the workflow carries it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"

namespace penstock::interfaces {

struct TenantRequest {
  std::string name = {};
  std::string slug = {};
  std::string first_name = {}, last_name = {}, email = {};  // of the first owner
  std::string company = {};                                 // empty = none
  std::string plan = "free";
  std::string checkout_session_id = {};
};

// "Ada's Shop" -> "ada-s-shop": lower-case letters and digits, all else as single hyphens; at most
// 63 characters; empty when nothing is left.
std::string SlugFrom(std::string_view name);

// Every problem at once, by the names of CreateTenantRequest's fields.
absl::Status CheckTenantRequest(const TenantRequest& request);

nlohmann::json ToJson(const TenantRequest& request);
// INVALID_ARGUMENT when a member is missing or of another type.
absl::StatusOr<TenantRequest> TenantRequestFrom(const nlohmann::json& json);

}  // namespace penstock::interfaces
