// What a failed token request means for its grant, and when the next may be sent. Pure.
//
// A refresh token that is used up by every use makes a lost answer dangerous: asking again with the
// same one may kill the whole family while the first answer is still on its way. So after an
// unknown outcome
//   none        the same is sent again at once: nothing was used up
//   grace       likewise, while the provider takes the old one
//   single_use, rotating
//               the lease stays until it ends by itself, by which time the request has ended, too;
//               then the stored token is tried once for each lease, and a refusal is
//               `lost_rotation`
#pragma once

#include "absl/time/time.h"
#include "services/connector/auth/oauth2/oauth2_config.h"
#include "services/connector/oauth/attempt_journal.h"
#include "services/connector/oauth/failure_class.h"

namespace penstock::connector {

struct Situation {
  Rotation rotation = Rotation::kRotating;
  absl::Duration grace_period = {};
  storage::TokenUsed used = storage::TokenUsed::kCurrent;
  bool has_previous = false;
  // An earlier request with the current token ended without an outcome, so long ago.
  bool unknown_before = false;
  absl::Duration since_unknown = {};
  int failures = 0;  // in a row, before this one
};

struct Conclusion {
  FailureClass failure = FailureClass::kBadAnswer;
  bool try_previous = false;  // at once, instead of anything else here
  bool keep_lease = false;
  absl::Duration rest = {};
};

Conclusion Conclude(const TokenFailure& failure, const Situation& situation);

}  // namespace penstock::connector
