// Circuit breaker of one connector in this process: after too many failures it refuses calls for a
// while, so that a dead upstream costs nobody a thread and is not hammered while it recovers. Pure:
// time is passed in. Not thread-safe.
//
//             too many failures                cooled down
//   closed ─────────────────────► open ─────────────────────► half-open ──┐ probes succeeded
//     ▲                             ▲        a probe failed        │       │
//     │                             └──────────────────────────────┘       │
//     └────────────────────────────────────────────────────────────────────┘
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace penstock::connector {

struct BreakerOptions {
  absl::Duration window = absl::Seconds(30);
  // Fewer calls than this in the window say nothing.
  int minimum_calls = 10;
  double failure_ratio = 0.5;
  // How long it stays open; doubled each time a probe fails, up to `longest_open`.
  absl::Duration open_for = absl::Seconds(5);
  absl::Duration longest_open = absl::Minutes(2);
  // Calls let through one at a time when half-open, all of which have to succeed.
  int probes = 2;
};

enum class BreakerState { kClosed, kOpen, kHalfOpen };
enum class BreakerEvent { kTooManyFailures, kCooledDown, kProbesSucceeded, kProbeFailed };

// The transition table. Nothing where the event has no meaning.
std::optional<BreakerState> NextState(BreakerState state, BreakerEvent event);

enum class Verdict {
  kHealthy,  // the upstream answered like one that is well
  kFailing,
  kNeutral,  // says nothing about the upstream: cancelled, refused by our own policy
};

class Breaker {
 public:
  explicit Breaker(BreakerOptions options = {}) : options_(options) {}

  // The right to make one call. Every one that was given is handed back by Record.
  struct Permit {
    uint64_t generation;
  };
  struct Admission {
    std::optional<Permit> permit;
    absl::Duration retry_after;  // when there is none
  };
  Admission Admit(absl::Time now);
  // A result from before the last change of state is ignored.
  void Record(const Permit& permit, Verdict verdict, absl::Time now);

  BreakerState state() const { return state_; }

 private:
  static constexpr int kSlots = 10;
  struct Slot {
    int64_t number = 0;  // since the epoch
    int healthy = 0;
    int failing = 0;
  };
  void Apply(BreakerEvent event, absl::Time now);
  void Count(Verdict verdict, absl::Time now);
  bool TooManyFailures(absl::Time now) const;
  int64_t SlotNumber(absl::Time now) const;

  BreakerOptions options_;
  BreakerState state_ = BreakerState::kClosed;
  uint64_t generation_ = 0;
  std::array<Slot, kSlots> slots_;
  absl::Time open_until_ = absl::InfinitePast();
  int reopened_ = 0;  // times in a row that a probe failed
  bool probing_ = false;
  int probes_succeeded_ = 0;
};

}  // namespace penstock::connector
