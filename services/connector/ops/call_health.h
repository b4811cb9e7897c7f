// What calls leave behind on their connector: when it last worked, and why it last did not.
//
//   success: written, unless this process wrote one within kRepeat, has seen no failure since,
//            and the row, as it was read after that, has none of another replica's
//   failure: always written
#pragma once

#include <cstdint>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/connector/ops/connector_context.h"
#include "services/connector/ops/known_connectors.h"

namespace penstock::connector {

// An error of a call as it is kept and shown.
CallError ErrorFrom(const absl::Status& status, absl::Time at);

class CallHealth {
 public:
  // A success that says nothing new is not written for so long. The row itself changes once a
  // minute at most.
  static constexpr absl::Duration kRepeat = absl::Seconds(30);

  explicit CallHealth(const ConnectorContext& context) : context_(context) {}

  // Writes down how a call ended. Errors that say nothing about the third party (a wrong request, a
  // caller who has gone) leave things as they are. Never fails the call: what can't be written is
  // logged.
  void Note(const KnownConnector& known, const absl::Status& ended);

 private:
  using Key = std::pair<TenantId, ConnectorId>;
  struct Written {
    absl::Time success = absl::InfinitePast();
    int64_t failures = 0;  // seen by this process
  };

  // How many failures there were before; nothing when the success says nothing new.
  std::optional<int64_t> IsNews(const KnownConnector& known) const;
  void FailureSeen(const Key& key);
  void SuccessWritten(const Key& key, absl::Time at, int64_t failures_before);
  Written& At(const Key& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const ConnectorContext& context_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<Key, Written> written_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::connector
