// Tokens in hand that are not stored yet, and the attempt that got them: the one thing here that
// must never be lost.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/crypto/secret.h"
#include "services/connector/oauth/attempt_journal.h"
#include "services/connector/oauth/token_answer.h"

namespace penstock::connector {

struct Received {
  storage::AttemptStart attempt = {};
  absl::Time sent_at = {};
  crypto::Secret used = {};  // the refresh token that was sent; may be empty
  TokenAnswer answer = {};
};

// What the answer said beside its tokens, as JSON; kept with a candidate.
std::string DescribeAnswer(const TokenAnswer& answer);
absl::StatusOr<TokenAnswer> AnswerFrom(const std::string& description);

// All of it, tokens included: to be sealed before it goes anywhere, and wiped.
std::string SerializeReceived(const Received& received);
absl::StatusOr<Received> ParseReceived(std::string_view text);

}  // namespace penstock::connector
