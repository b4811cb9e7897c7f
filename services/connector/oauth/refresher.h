// Access tokens of grants: those that are there, or new ones, each asked for once however many want
// it, in however many processes (docs/adr/0011-grants.md).
#pragma once

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/crypto/secret.h"
#include "services/connector/oauth/refresh_round.h"

namespace penstock::connector {

struct AccessToken {
  crypto::Secret token;
  UseId use = {};           // to tell its outcome by
  int64_t version = 0;      // for TokenWorked and TokenRejected
  TokenValues values = {};  // what the provider said beside it: "instance_url"
};

class Refresher {
 public:
  Refresher(RefreshParts parts, RefreshOptions options);
  ~Refresher();  // nobody may be in it any more
  Refresher(const Refresher&) = delete;
  Refresher& operator=(const Refresher&) = delete;

  // The token for `use`, whose owner is the grant and whose fields are left to us. While another
  // asks for a new one, the old one is given as long as it is good. Errors as grant_error.h;
  // DEADLINE_EXCEEDED when another's request took too long.
  absl::StatusOr<AccessToken> Get(const Use& use, absl::Time deadline);

  // A third party took the token: the one before it is not needed any more. Cheap when told before.
  absl::Status TokenWorked(TenantId tenant, GrantId grant, int64_t version);
  // A third party refused it (401). True when the next Get brings a new one: then the call is worth
  // one more try. Tokens of the last half minute are not doubted.
  absl::StatusOr<bool> TokenRejected(TenantId tenant, GrantId grant, int64_t version);

  // Asks for a new token now, whether it is due or not.
  absl::StatusOr<Grant> Refresh(TenantId tenant, GrantId grant, const Asker& asker,
                                absl::Time deadline);

  // Refreshes what is due, and not more than `limit`, of all tenants, a few at a time; stores what
  // is spooled. For a loop. How many were due.
  absl::StatusOr<int> RefreshDue(int limit, absl::Duration patience_each);
  absl::Status Replay() { return round_.Replay(); }

 private:
  struct Flight {
    bool done = false;
  };
  using Key = std::pair<TenantId, GrantId>;

  absl::StatusOr<Grant> Load(TenantId tenant, GrantId id);
  bool InFlight(const Grant& grant);
  // A grant whose token may be read: fresh, or still good while it can't be had fresh.
  absl::StatusOr<Grant> MakeFresh(TenantId tenant, GrantId id, const Asker& asker,
                                  absl::Time deadline);
  // The next step for a grant whose token is due; then its row is read again.
  absl::Status Advance(const Grant& grant, const Asker& asker, absl::Time deadline);
  absl::Status Lead(Grant grant, const Asker& asker, absl::Time deadline);
  // Nothing when the grant has another token by now.
  absl::StatusOr<std::optional<AccessToken>> Read(const Grant& grant, Use use, absl::Time deadline);
  absl::Status EndWithoutRefreshToken(const Grant& grant);
  void Pause(absl::Duration pause, absl::Time deadline);

  const RefreshParts parts_;
  const RefreshOptions options_;
  RefreshRound round_;
  absl::Mutex mutex_;
  absl::flat_hash_map<Key, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Key, int64_t> proven_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::connector
