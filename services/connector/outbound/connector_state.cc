#include "services/connector/outbound/connector_state.h"

namespace penstock::connector {
namespace {

// Longer than a breaker stays open.
constexpr absl::Duration kIdle = absl::Minutes(10);
constexpr absl::Duration kSweepInterval = absl::Minutes(1);

}  // namespace

bool ConnectorState::Enter(int most, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  last_entered_ = now;
  if (under_way_ >= most) return false;
  ++under_way_;
  budget_.Earn();
  return true;
}

void ConnectorState::Leave() {
  absl::MutexLock lock(&mutex_);
  --under_way_;
}

Breaker::Admission ConnectorState::Admit(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  return breaker_.Admit(now);
}

bool ConnectorState::Record(const Breaker::Permit& permit, Verdict verdict, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const bool was_open = breaker_.state() == BreakerState::kOpen;
  breaker_.Record(permit, verdict, now);
  return !was_open && breaker_.state() == BreakerState::kOpen;
}

bool ConnectorState::SpendRetry() {
  absl::MutexLock lock(&mutex_);
  return budget_.Spend();
}

bool ConnectorState::IsIdleSince(absl::Time time) const {
  absl::MutexLock lock(&mutex_);
  return under_way_ == 0 && last_entered_ < time;
}

std::shared_ptr<ConnectorState> ConnectorStates::Get(const ConnectorKey& key, int64_t version,
                                                     absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (now >= next_sweep_) Sweep(now);
  std::shared_ptr<ConnectorState>& state = states_[key];
  if (state == nullptr || state->version() < version) {
    state = std::make_shared<ConnectorState>(version, options_);
  }
  return state;
}

void ConnectorStates::Sweep(absl::Time now) {
  next_sweep_ = now + kSweepInterval;
  absl::erase_if(states_,
                 [&](const auto& entry) { return entry.second->IsIdleSince(now - kIdle); });
}

}  // namespace penstock::connector
