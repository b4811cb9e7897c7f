// A tenant's audit log (tenancy.audit_log), as those write it who change something. Reading and
// verifying it is interfaces-service's.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/auth/call_context.h"
#include "libs/postgres/connection.h"

namespace penstock::audit_log {

// What was done to what. `details` is a JSON object and never holds a secret.
struct AuditEntry {
  std::string_view action = {};         // "connector.created"
  std::string_view resource_type = {};  // "connector"
  std::string resource_id = {};
  std::string details = "{}";
};

// Writes it as the caller's doing, in the transaction of what was done: neither is there without
// the other. Takes the tenant's place in line until the transaction ends, so it comes last.
absl::Status AppendAudit(postgres::Connection& connection, const auth::CallContext& caller,
                         const AuditEntry& entry);

}  // namespace penstock::audit_log
