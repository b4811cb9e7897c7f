// The tenant of the transaction, with its settings.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::interfaces {

struct TenantSettings {
  std::optional<absl::Time> onboarding_completed_at = {};
  bool onboarding_skipped = false;
  std::string onboarding_data = "{}";  // JSON objects
  std::string custom = "{}";
};

struct EmailSettings {
  std::string provider = "smtp";  // smtp, resend or hybrid
  bool fallback_enabled = true;
  bool tracking_enabled = false;
  std::optional<int32_t> max_daily_emails = {};
};

struct Tenant {
  TenantId id = {};
  std::string slug = {};
  std::string name = {};
  std::string email = {};   // empty when none
  std::string plan = {};    // free, pro or enterprise
  std::string status = {};  // pending, active, suspended or deleting
  absl::Time created_at = {}, updated_at = {};
  TenantSettings settings = {};
  EmailSettings email_settings = {};
};

namespace storage {

absl::StatusOr<Tenant> LoadTenant(postgres::Connection& connection, TenantId tenant);
// Name, e-mail address and both settings.
absl::Status SaveTenant(postgres::Connection& connection, const Tenant& tenant);

}  // namespace storage
}  // namespace penstock::interfaces
