#include "services/connector/outbound/breaker.h"

#include <algorithm>

namespace penstock::connector {
namespace {

struct Transition {
  BreakerState from;
  BreakerEvent event;
  BreakerState to;
};

constexpr Transition kTransitions[] = {
    {BreakerState::kClosed, BreakerEvent::kTooManyFailures, BreakerState::kOpen},
    {BreakerState::kOpen, BreakerEvent::kCooledDown, BreakerState::kHalfOpen},
    {BreakerState::kHalfOpen, BreakerEvent::kProbesSucceeded, BreakerState::kClosed},
    {BreakerState::kHalfOpen, BreakerEvent::kProbeFailed, BreakerState::kOpen},
};

// While a probe is under way nobody knows when there will be room.
constexpr absl::Duration kWhileProbing = absl::Seconds(1);

}  // namespace

std::optional<BreakerState> NextState(BreakerState state, BreakerEvent event) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == state && transition.event == event) return transition.to;
  }
  return std::nullopt;
}

void Breaker::Apply(BreakerEvent event, absl::Time now) {
  const std::optional<BreakerState> next = NextState(state_, event);
  if (!next) return;
  state_ = *next;
  ++generation_;
  slots_ = {};
  probing_ = false;
  probes_succeeded_ = 0;
  reopened_ = event == BreakerEvent::kProbeFailed       ? reopened_ + 1
              : event == BreakerEvent::kProbesSucceeded ? 0
                                                        : reopened_;
  if (state_ != BreakerState::kOpen) return;
  const int doublings = std::min(reopened_, 20);
  open_until_ = now + std::min(options_.open_for * (1 << doublings), options_.longest_open);
}

Breaker::Admission Breaker::Admit(absl::Time now) {
  if (state_ == BreakerState::kOpen && now >= open_until_) Apply(BreakerEvent::kCooledDown, now);
  if (state_ == BreakerState::kOpen) return {.permit = {}, .retry_after = open_until_ - now};
  if (state_ == BreakerState::kHalfOpen) {
    if (probing_) return {.permit = {}, .retry_after = kWhileProbing};
    probing_ = true;
  }
  return {.permit = Permit{generation_}, .retry_after = absl::ZeroDuration()};
}

void Breaker::Record(const Permit& permit, Verdict verdict, absl::Time now) {
  if (permit.generation != generation_) return;
  if (state_ == BreakerState::kHalfOpen) {
    probing_ = false;
    if (verdict == Verdict::kFailing) return Apply(BreakerEvent::kProbeFailed, now);
    if (verdict == Verdict::kHealthy && ++probes_succeeded_ >= options_.probes) {
      Apply(BreakerEvent::kProbesSucceeded, now);
    }
    return;
  }
  Count(verdict, now);
  if (verdict == Verdict::kFailing && TooManyFailures(now)) {
    Apply(BreakerEvent::kTooManyFailures, now);
  }
}

int64_t Breaker::SlotNumber(absl::Time now) const {
  return (now - absl::UnixEpoch()) / (options_.window / kSlots);
}

void Breaker::Count(Verdict verdict, absl::Time now) {
  if (verdict == Verdict::kNeutral) return;
  const int64_t number = SlotNumber(now);
  Slot& slot = slots_[number % kSlots];
  if (slot.number != number) slot = {.number = number};
  ++(verdict == Verdict::kHealthy ? slot.healthy : slot.failing);
}

bool Breaker::TooManyFailures(absl::Time now) const {
  const int64_t oldest = SlotNumber(now) - kSlots;
  int healthy = 0, failing = 0;
  for (const Slot& slot : slots_) {
    if (slot.number <= oldest) continue;
    healthy += slot.healthy;
    failing += slot.failing;
  }
  const int all = healthy + failing;
  return all >= options_.minimum_calls && failing >= options_.failure_ratio * all;
}

}  // namespace penstock::connector
