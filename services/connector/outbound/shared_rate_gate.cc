#include "services/connector/outbound/shared_rate_gate.h"

#include <algorithm>

#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

// How long calls that were taken together may wait to be made.
constexpr absl::Duration kHold = absl::Milliseconds(100);
// How old our knowledge of a block by another replica may be, for connectors without a limit.
constexpr absl::Duration kKnowledge = absl::Seconds(1);
constexpr absl::Duration kLongestBlock = absl::Hours(1);
constexpr absl::Duration kIdle = absl::Minutes(5);
constexpr absl::Duration kSweepInterval = absl::Minutes(1);

}  // namespace

// The turn to ask the database, of one thread at a time.
class SharedRateGate::Asking {
 public:
  explicit Asking(Share& share) : share_(share) {}
  ~Asking() {
    absl::MutexLock lock(&share_.mutex);
    share_.asking = false;
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  Share& share_;
};

absl::StatusOr<absl::Duration> SharedRateGate::Take(const ConnectorKey& key,
                                                    const std::optional<RateLimit>& limit,
                                                    absl::Duration patience) {
  const std::shared_ptr<Share> share = ShareOf(key);
  const absl::Time now = clock_.Now();
  {
    absl::MutexLock lock(&share->mutex);
    share->last_used = now;
    const absl::Duration blocked = share->blocked_until - now;
    if (blocked > patience) return RateLimited(blocked);
  }
  return limit ? TakeLimited(key, *share, *limit, now + patience)
               : TakeUnlimited(key, *share, patience);
}

absl::StatusOr<absl::Duration> SharedRateGate::TakeLimited(const ConnectorKey& key, Share& share,
                                                           const RateLimit& limit,
                                                           absl::Time give_up) {
  int wanted = 0;
  {
    absl::MutexLock lock(&share.mutex);
    if (const auto wait = UseLeftover(share, clock_.Now())) return *wait;
    share.mutex.AwaitWithTimeout(absl::Condition(&NobodyAsks, &share), give_up - clock_.Now());
    if (const auto wait = UseLeftover(share, clock_.Now())) return *wait;
    if (share.asking) return RateLimited(absl::Seconds(1));
    share.asking = true;
    wanted = NextBatch(share, limit);
  }
  const Asking turn(share);
  const absl::Duration patience = std::max(give_up - clock_.Now(), absl::ZeroDuration());
  ASSIGN_OR_RETURN(const storage::Grant grant, Ask(key, limit, wanted, patience));
  if (grant.calls == 0) return RateLimited(grant.wait);
  absl::MutexLock lock(&share.mutex);
  share.calls = grant.calls - 1;
  share.holds_from = std::max(clock_.Now() + grant.wait, share.blocked_until);
  return std::max(share.holds_from - clock_.Now(), absl::ZeroDuration());
}

bool SharedRateGate::NobodyAsks(Share* share) {
  share->mutex.AssertReaderHeld();
  return !share->asking;
}

std::optional<absl::Duration> SharedRateGate::UseLeftover(Share& share, absl::Time now) {
  if (share.calls == 0 || now >= share.holds_from + kHold) return std::nullopt;
  --share.calls;
  return std::max(share.holds_from - now, absl::ZeroDuration());
}

int SharedRateGate::NextBatch(Share& share, const RateLimit& limit) {
  // Twice as many when all were used in time, half as many when some were lost.
  share.wanted = share.calls == 0 ? share.wanted * 2 : share.wanted / 2;
  const double most = limit.calls_per_second * absl::ToDoubleSeconds(kHold);
  share.wanted = std::clamp(share.wanted, 1, static_cast<int>(std::clamp(most, 1.0, 1000.0)));
  share.calls = 0;
  return share.wanted;
}

absl::StatusOr<storage::Grant> SharedRateGate::Ask(const ConnectorKey& key, const RateLimit& limit,
                                                   int wanted, absl::Duration patience) {
  return postgres::RunInTransactionReturning<storage::Grant>(
      pool_, {.tenant = key.tenant}, [&](postgres::Connection& connection) {
        return storage::TakeCalls(connection, key, limit, wanted, patience);
      });
}

absl::StatusOr<absl::Duration> SharedRateGate::TakeUnlimited(const ConnectorKey& key, Share& share,
                                                             absl::Duration patience) {
  {
    absl::MutexLock lock(&share.mutex);
    const absl::Time now = clock_.Now();
    if (now < share.blocked_until) return share.blocked_until - now;
    if (now < share.unblocked_until) return absl::ZeroDuration();
  }
  ASSIGN_OR_RETURN(const absl::Duration blocked,
                   postgres::RunInTransactionReturning<absl::Duration>(
                       pool_, {.tenant = key.tenant}, [&](postgres::Connection& connection) {
                         return storage::LoadBlock(connection, key);
                       }));
  absl::MutexLock lock(&share.mutex);
  const absl::Time now = clock_.Now();
  if (blocked > absl::ZeroDuration()) {
    share.blocked_until = std::max(share.blocked_until, now + blocked);
    if (blocked > patience) return RateLimited(blocked);
    return blocked;
  }
  share.unblocked_until = now + kKnowledge;
  return absl::ZeroDuration();
}

void SharedRateGate::Block(const ConnectorKey& key, absl::Duration duration) {
  duration = std::clamp(duration, absl::ZeroDuration(), kLongestBlock);
  const std::shared_ptr<Share> share = ShareOf(key);
  {
    absl::MutexLock lock(&share->mutex);
    share->calls = 0;
    share->unblocked_until = absl::InfinitePast();
    share->blocked_until = std::max(share->blocked_until, clock_.Now() + duration);
  }
  // Without the database this replica keeps it alone, and the others will be told as it was.
  postgres::RunInTransaction(pool_, {.tenant = key.tenant}, [&](postgres::Connection& connection) {
    return storage::BlockCalls(connection, key, duration);
  }).IgnoreError();
}

std::shared_ptr<SharedRateGate::Share> SharedRateGate::ShareOf(const ConnectorKey& key) {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_.Now();
  if (now >= next_sweep_) {
    next_sweep_ = now + kSweepInterval;
    absl::erase_if(shares_, [&](const auto& entry) {
      absl::MutexLock share_lock(&entry.second->mutex);
      return entry.second->last_used < now - kIdle && entry.second->blocked_until < now;
    });
  }
  std::shared_ptr<Share>& share = shares_[key];
  if (share == nullptr) share = std::make_shared<Share>();
  return share;
}

}  // namespace penstock::connector
