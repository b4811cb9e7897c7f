// What a token endpoint answered: tokens, or why not. Pure, and strict about everything but the
// many spellings that providers have: JSON or form-encoded, errors with status 200, tokens nested,
// lifetimes as texts or in milliseconds.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/crypto/secret.h"
#include "libs/egress/http.h"
#include "services/connector/auth/oauth2/oauth2_config.h"
#include "services/connector/oauth/failure_class.h"

namespace penstock::connector {

inline constexpr size_t kMaxTokenAnswerBytes = 64 << 10;
inline constexpr size_t kMaxTokenBytes = 16 << 10;

// Values that requests need, by name: {"instance_url": "https://..."}. No secrets.
using TokenValues = std::map<std::string, std::string>;

struct TokenAnswer {
  crypto::Secret access_token = {};
  crypto::Secret refresh_token = {};  // empty = the answer has none: the one we have stays
  // None: the provider does not say, or says nothing usable (0, less, no number).
  std::optional<absl::Duration> expires_in = {};
  std::optional<absl::Duration> refresh_expires_in = {};
  // None: as asked for.
  std::optional<std::vector<std::string>> scopes = {};
  TokenValues values = {};
};

using TokenOutcome = std::variant<TokenAnswer, TokenFailure>;

// `now` is used when the answer has no Date of its own. Nothing of the body gets into a failure.
TokenOutcome ReadTokenAnswer(const OAuth2Config& config, const egress::HttpResult& result,
                             absl::Time now);

// Of an answer that has no tokens to give: a device authorization, a revocation. The members of a
// JSON or form-encoded object, texts and numbers only, or why there are none.
using AnswerMembers = std::map<std::string, std::string>;
std::variant<AnswerMembers, TokenFailure> ReadMembers(const egress::HttpResult& result,
                                                      absl::Time now);

// A positive number of `unit`s; none for anything else. Ten years at most.
std::optional<absl::Duration> ReadLifetime(std::string_view text, absl::Duration unit);

// "a b", "a,b" or both.
std::vector<std::string> SplitScopes(std::string_view text, std::string_view separator);

// Whether a value that came from outside may be kept: short, printable, and at home on one of
// `hosts` when it is a URL or host and there are any.
absl::Status CheckTokenValue(const FromToken& rule, std::string_view value);

}  // namespace penstock::connector
