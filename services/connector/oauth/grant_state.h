// The life of a grant, as a table. Pure; the transition is written by whoever applies it, with the
// row that it is about.
//
//   pending ──authorized──► active ◄──refreshed── degraded
//                             │  ──refresh_failed──►  │
//                             └──grant_lost──► needs_reauth ──authorized──► active
//   any ──revoked──► disabled ──authorized──► active
//
// Only what is the grant's own fault loses it: an outage, a wrong client secret or a limit degrades
// it, and it heals by itself.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace penstock::connector {

enum class GrantState {
  kPending,      // nobody has consented yet
  kActive,       // has a token, or gets one when asked
  kDegraded,     // the last refresh failed; what we have may still be good
  kNeedsReauth,  // somebody has to consent again
  kDisabled,     // revoked by us
};

enum class GrantEvent {
  kAuthorized,     // consent given, tokens stored
  kRefreshed,      // new tokens stored
  kRefreshFailed,  // not the grant's fault
  kGrantLost,      // the provider won't have it any more
  kRevoked,        // taken back at the provider, at our wish
};

inline constexpr GrantState kAllGrantStates[] = {GrantState::kPending, GrantState::kActive,
                                                 GrantState::kDegraded, GrantState::kNeedsReauth,
                                                 GrantState::kDisabled};
inline constexpr GrantEvent kAllGrantEvents[] = {GrantEvent::kAuthorized, GrantEvent::kRefreshed,
                                                 GrantEvent::kRefreshFailed, GrantEvent::kGrantLost,
                                                 GrantEvent::kRevoked};

struct GrantTransition {
  GrantState from;
  GrantEvent event;
  GrantState to;
};

std::span<const GrantTransition> GrantTransitions();

// The state after `event`, or nothing when it can't happen then.
std::optional<GrantState> Apply(GrantState from, GrantEvent event);

// As stored and shown: "needs_reauth".
std::string_view GrantStateName(GrantState state);
std::optional<GrantState> ParseGrantState(std::string_view name);

}  // namespace penstock::connector
