#include "services/connector/oauth/grant_state.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "services/connector/oauth/failure_class.h"

namespace penstock::connector {
namespace {

using enum GrantState;
using enum GrantEvent;

TEST_CASE("every pair of state and event has one answer at most, and it is the table's") {
  std::map<std::pair<GrantState, GrantEvent>, GrantState> table;
  for (const GrantTransition& t : GrantTransitions())
    CHECK(table.emplace(std::pair(t.from, t.event), t.to).second);
  for (GrantState from : kAllGrantStates) {
    for (GrantEvent event : kAllGrantEvents) {
      const auto at = table.find({from, event});
      CHECK(Apply(from, event) == (at == table.end() ? std::nullopt : std::optional(at->second)));
    }
  }
}

TEST_CASE("consent makes every grant active, and a revocation ends every one") {
  for (GrantState from : kAllGrantStates) {
    CHECK(Apply(from, kAuthorized) == kActive);
    CHECK(Apply(from, kRevoked) == kDisabled);
  }
}

TEST_CASE("what we revoked comes back by consent only") {
  for (GrantEvent event : kAllGrantEvents) {
    if (event != kAuthorized && event != kRevoked) CHECK_FALSE(Apply(kDisabled, event).has_value());
  }
}

TEST_CASE("only the grant's own faults lose it") {
  const std::set<FailureClass> own = {FailureClass::kRevokedOrExpired, FailureClass::kLostRotation,
                                      FailureClass::kConsentOrMfaNeeded};
  for (FailureClass failure : kAllFailureClasses) {
    CAPTURE(FailureClassName(failure));
    const auto next = Apply(kActive, EventOf(failure));
    REQUIRE(next.has_value());
    CHECK(*next == (own.contains(failure) ? kNeedsReauth : kDegraded));
  }
}

TEST_CASE("names are as they are stored") {
  for (GrantState state : kAllGrantStates) CHECK(ParseGrantState(GrantStateName(state)) == state);
  for (FailureClass failure : kAllFailureClasses)
    CHECK(ParseFailureClass(FailureClassName(failure)) == failure);
  CHECK_FALSE(ParseGrantState("deleted").has_value());
  CHECK_FALSE(ParseFailureClass("").has_value());
}

}  // namespace
}  // namespace penstock::connector
