// Why a provider gave us no token, told apart at once (requirement C10). Pure and table-driven: the
// same failure classed wrongly either loses a grant that was good, or keeps asking for one that is
// gone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "services/connector/oauth/grant_state.h"

namespace penstock::connector {

enum class FailureClass {
  kInvalidClient,        // our client id or secret is wrong: no grant's fault
  kRevokedOrExpired,     // the grant is gone
  kLostRotation,         // a single-use token was used up and its successor never arrived
  kConsentOrMfaNeeded,   // a person has to act
  kScopeMissing,         // asks for more than was granted
  kProviderUnavailable,  // down, slow, or cut off
  kRateLimited,
  kNetworkBlocked,  // by our own policy; nothing was sent
  kTlsError,        // no trusted connection; nothing was sent
  kBadAnswer,       // not what OAuth says
  kMisconfigured,   // redirect mismatch, unknown tenant, unsupported grant
};

inline constexpr FailureClass kAllFailureClasses[] = {
    FailureClass::kInvalidClient, FailureClass::kRevokedOrExpired,
    FailureClass::kLostRotation,  FailureClass::kConsentOrMfaNeeded,
    FailureClass::kScopeMissing,  FailureClass::kProviderUnavailable,
    FailureClass::kRateLimited,   FailureClass::kNetworkBlocked,
    FailureClass::kTlsError,      FailureClass::kBadAnswer,
    FailureClass::kMisconfigured,
};

// "revoked_or_expired": as stored, counted and shown.
std::string_view FailureClassName(FailureClass failure);
std::optional<FailureClass> ParseFailureClass(std::string_view name);

// What becomes of the grant.
GrantEvent EventOf(FailureClass failure);

// What the provider may have done with the request.
enum class Delivery {
  kNotSent,  // certainly nothing
  kRefused,  // it answered, and nothing changed
  kUnknown,  // perhaps it handed out tokens that we never got
};

struct TokenFailure {
  FailureClass failure = FailureClass::kBadAnswer;
  Delivery delivery = Delivery::kUnknown;
  std::string provider_code = {};  // "invalid_grant", "AADSTS50076"; of a safe alphabet, or empty
  int http_status = 0;             // 0 = no answer
  std::string message = {};        // our words: nothing of the answer, which may quote tokens
  absl::Duration retry_after = absl::ZeroDuration();  // as the provider asks; zero = it does not
};

// What an answer says of an error, wherever it says it.
struct ProviderError {
  std::string code = {};         // "error"
  std::string description = {};  // read for codes, never shown
};

TokenFailure ClassifyTransport(const egress::HttpFailure& failure);
// `status` is of the answer, 200 included: some providers put errors there.
TokenFailure ClassifyAnswer(int status, const ProviderError& error, absl::Duration retry_after);
// An answer that can't be read at all.
TokenFailure BadAnswer(int status, std::string message);

// Retry-After as RFC 9110 has it, seconds or a date. Zero when there is none or it makes no sense;
// an hour at most. `now` is the provider's Date if it sent one, so that nobody's clock matters.
absl::Duration RetryAfter(const egress::Headers& headers, absl::Time now);

}  // namespace penstock::connector
