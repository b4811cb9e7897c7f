// What an admin can ask about the audit log.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/audit_chain/chain.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/storage/audit.h"

namespace penstock::interfaces {

struct AuditQuery {
  AuditFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};

using AuditVerdict = audit_chain::Verdict;

absl::StatusOr<paging::Page<AuditRow>> ListAuditEvents(const IdentityContext& context,
                                                       const auth::CallContext& caller,
                                                       const AuditQuery& query);
// Reads the whole log, a thousand rows at a time; DEADLINE_EXCEEDED when the caller's time does not
// suffice.
absl::StatusOr<AuditVerdict> VerifyAuditLog(const IdentityContext& context,
                                            const auth::CallContext& caller);

}  // namespace penstock::interfaces
