#include "services/connector/oauth/grant_state.h"

namespace penstock::connector {
namespace {

using enum GrantState;
using enum GrantEvent;

constexpr GrantTransition kTransitions[] = {
    {kPending, kAuthorized, kActive},
    {kPending, kRefreshed, kActive},  // client credentials and assertions need nobody's consent
    {kPending, kRefreshFailed, kPending},
    {kPending, kGrantLost, kNeedsReauth},
    {kPending, kRevoked, kDisabled},
    {kActive, kAuthorized, kActive},
    {kActive, kRefreshed, kActive},
    {kActive, kRefreshFailed, kDegraded},
    {kActive, kGrantLost, kNeedsReauth},
    {kActive, kRevoked, kDisabled},
    {kDegraded, kAuthorized, kActive},
    {kDegraded, kRefreshed, kActive},
    {kDegraded, kRefreshFailed, kDegraded},
    {kDegraded, kGrantLost, kNeedsReauth},
    {kDegraded, kRevoked, kDisabled},
    {kNeedsReauth, kAuthorized, kActive},
    // The answer of a holder that was thought dead came after all, with tokens.
    {kNeedsReauth, kRefreshed, kActive},
    {kNeedsReauth, kGrantLost, kNeedsReauth},
    {kNeedsReauth, kRevoked, kDisabled},
    {kDisabled, kAuthorized, kActive},
    {kDisabled, kRevoked, kDisabled},
};

constexpr std::string_view kNames[] = {"pending", "active", "degraded", "needs_reauth", "disabled"};

}  // namespace

std::span<const GrantTransition> GrantTransitions() { return kTransitions; }

std::optional<GrantState> Apply(GrantState from, GrantEvent event) {
  for (const GrantTransition& transition : kTransitions) {
    if (transition.from == from && transition.event == event) return transition.to;
  }
  return std::nullopt;
}

std::string_view GrantStateName(GrantState state) { return kNames[static_cast<int>(state)]; }

std::optional<GrantState> ParseGrantState(std::string_view name) {
  for (GrantState state : kAllGrantStates) {
    if (GrantStateName(state) == name) return state;
  }
  return std::nullopt;
}

}  // namespace penstock::connector
