#include "libs/audit_log/append.h"

#include <optional>

#include "libs/audit_log/queries.h"
#include "libs/postgres/params.h"

namespace penstock::audit_log {

absl::Status AppendAudit(postgres::Connection& connection, const auth::CallContext& caller,
                         const AuditEntry& entry) {
  std::optional<UserId> user;
  std::optional<ApiKeyId> key;
  if (!caller.user.is_nil()) user = caller.user;
  if (!caller.api_key.is_nil()) key = caller.api_key;
  return connection
      .Execute(kAppendAudit, postgres::Params()
                                 .Add(caller.tenant)
                                 .Add(user)
                                 .Add(key)
                                 .Add(caller.service)
                                 .Add(entry.action)
                                 .Add(entry.resource_type)
                                 .Add(entry.resource_id)
                                 .Add(postgres::Jsonb{entry.details})
                                 .Add(caller.request_id))
      .status();
}

}  // namespace penstock::audit_log
