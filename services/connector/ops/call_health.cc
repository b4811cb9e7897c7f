#include "services/connector/ops/call_health.h"

#include <optional>

#include "libs/log/log.h"
#include "libs/status/details.h"
#include "libs/status/http_status.h"

namespace penstock::connector {
namespace {

constexpr size_t kMaxConnectors = 10'000;

bool SaysSomething(const absl::Status& ended) {
  return ended.ok() || absl::IsUnavailable(ended) || absl::IsFailedPrecondition(ended) ||
         absl::IsDeadlineExceeded(ended) || absl::IsDataLoss(ended);
}

}  // namespace

CallError ErrorFrom(const absl::Status& status, absl::Time at) {
  CallError error{.reason = ReasonOf(status),
                  .message = std::string(status.message()),
                  .http_status = HttpStatusOf(status),
                  .at = at};
  if (error.reason.empty()) error.reason = absl::StatusCodeToString(status.code());
  return error;
}

void CallHealth::Note(const KnownConnector& known, const absl::Status& ended) {
  if (!SaysSomething(ended)) return;
  const Connector& connector = known.connector;
  const Key key(connector.tenant, connector.id);
  const absl::Time now = context_.clock.Now();
  std::optional<int64_t> failures_before;
  if (ended.ok()) {
    failures_before = IsNews(known);
    if (!failures_before) return;
  } else {
    FailureSeen(key);
  }
  const postgres::Scope scope{.tenant = connector.tenant, .role = "operator"};
  const absl::Status noted = postgres::RunInTransaction(
      context_.pool, scope, [&](postgres::Connection& connection) -> absl::Status {
        if (ended.ok()) return storage::NoteSuccess(connection, connector.tenant, connector.id);
        return storage::NoteFailure(connection, connector.tenant, connector.id,
                                    ErrorFrom(ended, now));
      });
  if (!noted.ok()) {
    log::Warning("a connector's last outcome was not kept",
                 {{"connector_id", connector.id}, {"status", noted}});
  } else if (failures_before) {
    SuccessWritten(key, now, *failures_before);
  }
}

std::optional<int64_t> CallHealth::IsNews(const KnownConnector& known) const {
  absl::MutexLock lock(&mutex_);
  const auto found = written_.find(Key(known.connector.tenant, known.connector.id));
  if (found == written_.end()) return 0;
  const Written& written = found->second;
  const bool has_other_error =
      known.connector.last_error.has_value() && known.read_at >= written.success;
  const bool is_recent = context_.clock.Now() - written.success < kRepeat;
  if (is_recent && !has_other_error) return std::nullopt;
  return written.failures;
}

CallHealth::Written& CallHealth::At(const Key& key) {
  if (written_.size() >= kMaxConnectors && !written_.contains(key)) written_.clear();
  return written_[key];
}

void CallHealth::FailureSeen(const Key& key) {
  absl::MutexLock lock(&mutex_);
  Written& written = At(key);
  ++written.failures;
  written.success = absl::InfinitePast();
}

void CallHealth::SuccessWritten(const Key& key, absl::Time at, int64_t failures_before) {
  absl::MutexLock lock(&mutex_);
  Written& written = At(key);
  // One that failed meanwhile may have written after us.
  if (written.failures == failures_before) written.success = at;
}

}  // namespace penstock::connector
