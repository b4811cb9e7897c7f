#include "services/connector/ops/call_health.h"

#include "absl/strings/numbers.h"
#include "libs/log/log.h"
#include "libs/status/details.h"

namespace penstock::connector {
namespace {

bool SaysSomething(const absl::Status& ended) {
  return ended.ok() || absl::IsUnavailable(ended) || absl::IsFailedPrecondition(ended) ||
         absl::IsDeadlineExceeded(ended) || absl::IsDataLoss(ended);
}

}  // namespace

int HttpStatusOf(const absl::Status& status) {
  int http_status = 0;
  return absl::SimpleAtoi(MetadataOf(status, "http_status"), &http_status) ? http_status : 0;
}

CallError ErrorFrom(const absl::Status& status, absl::Time at) {
  CallError error{.reason = ReasonOf(status),
                  .message = std::string(status.message()),
                  .http_status = HttpStatusOf(status),
                  .at = at};
  if (error.reason.empty()) error.reason = absl::StatusCodeToString(status.code());
  return error;
}

void NoteHealth(const ConnectorContext& context, const Connector& connector,
                const absl::Status& ended) {
  if (!SaysSomething(ended)) return;
  const postgres::Scope scope{.tenant = connector.tenant, .role = "operator"};
  const absl::Status noted = postgres::RunInTransaction(
      context.pool, scope, [&](postgres::Connection& connection) -> absl::Status {
        if (ended.ok()) return storage::NoteSuccess(connection, connector.tenant, connector.id);
        return storage::NoteFailure(connection, connector.tenant, connector.id,
                                    ErrorFrom(ended, context.clock.Now()));
      });
  if (!noted.ok()) {
    log::Warning("a connector's last outcome was not kept",
                 {{"connector_id", connector.id}, {"status", noted}});
  }
}

}  // namespace penstock::connector
