// What an admin of a tenant can ask about the uses of its credentials.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/audit_chain/chain.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/connector/credentials/use_record.h"

namespace penstock::connector {

struct UseQuery {
  UseFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};

absl::StatusOr<paging::Page<RecordedUse>> ListCredentialUses(postgres::Pool& pool,
                                                             const auth::CallContext& caller,
                                                             const UseQuery& query);

// Reads the whole record, a thousand rows at a time; DEADLINE_EXCEEDED when the caller's time does
// not suffice.
absl::StatusOr<audit_chain::Verdict> VerifyCredentialAudit(postgres::Pool& pool,
                                                           const auth::CallContext& caller,
                                                           const Clock& clock);

}  // namespace penstock::connector
