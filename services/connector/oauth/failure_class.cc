#include "services/connector/oauth/failure_class.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/numbers.h"
#include "fmt/format.h"

namespace penstock::connector {
namespace {

using enum FailureClass;

struct ClassFact {
  FailureClass failure;
  std::string_view name;
  GrantEvent event;
  std::string_view words;
};

constexpr ClassFact kFacts[] = {
    {kInvalidClient, "invalid_client", GrantEvent::kRefreshFailed,
     "the provider refuses our client id or client secret"},
    {kRevokedOrExpired, "revoked_or_expired", GrantEvent::kGrantLost,
     "the grant was revoked or has expired (some providers end grants after days while the app is "
     "in testing)"},
    {kLostRotation, "lost_rotation", GrantEvent::kGrantLost,
     "a single-use refresh token was used up and its successor never arrived"},
    {kConsentOrMfaNeeded, "consent_or_mfa_needed", GrantEvent::kGrantLost,
     "the provider wants a person to sign in or consent again"},
    {kScopeMissing, "scope_missing", GrantEvent::kRefreshFailed,
     "the provider does not grant the scopes that are asked for"},
    {kProviderUnavailable, "provider_unavailable", GrantEvent::kRefreshFailed,
     "the provider could not be reached or failed"},
    {kRateLimited, "rate_limited", GrantEvent::kRefreshFailed,
     "the provider limits how often tokens are asked for"},
    {kNetworkBlocked, "network_blocked", GrantEvent::kRefreshFailed,
     "the provider's address is not allowed by the egress policy"},
    {kTlsError, "tls_error", GrantEvent::kRefreshFailed,
     "no trusted connection to the provider could be made"},
    {kBadAnswer, "bad_answer", GrantEvent::kRefreshFailed,
     "the provider's answer is not one of OAuth 2.0"},
    {kMisconfigured, "misconfigured", GrantEvent::kRefreshFailed,
     "the provider does not know the client, redirect URI or kind of grant as configured"},
};

struct CodeClass {
  std::string_view code;
  FailureClass failure;
};

// RFC 6749 5.2 and 4.1.2.1, RFC 7009, RFC 8628, OpenID Connect, and what providers made up.
constexpr CodeClass kCodes[] = {
    {"invalid_client", kInvalidClient},
    {"incorrect_client_credentials", kInvalidClient},  // GitHub
    {"bad_client_secret", kInvalidClient},             // Slack
    {"invalid_client_id", kInvalidClient},             // Slack
    {"bad_client_id", kInvalidClient},
    {"invalid_client_credentials", kInvalidClient},
    {"deleted_client", kInvalidClient},  // Google
    {"invalid_grant", kRevokedOrExpired},
    {"bad_verification_code", kRevokedOrExpired},  // GitHub
    {"bad_refresh_token", kRevokedOrExpired},      // GitHub
    {"invalid_refresh_token", kRevokedOrExpired},  // Slack, HubSpot
    {"token_revoked", kRevokedOrExpired},          // Slack
    {"token_expired", kRevokedOrExpired},          // Slack
    {"invalid_auth", kRevokedOrExpired},           // Slack
    {"account_inactive", kRevokedOrExpired},       // Slack
    {"invalid_code", kRevokedOrExpired},           // Slack
    {"code_already_used", kRevokedOrExpired},      // Slack
    {"expired_token", kRevokedOrExpired},          // RFC 8628
    {"access_denied", kConsentOrMfaNeeded},
    {"interaction_required", kConsentOrMfaNeeded},
    {"login_required", kConsentOrMfaNeeded},
    {"consent_required", kConsentOrMfaNeeded},
    {"account_selection_required", kConsentOrMfaNeeded},
    {"invalid_rapt", kConsentOrMfaNeeded},  // Google Workspace: sign in again
    {"invalid_scope", kScopeMissing},
    {"insufficient_scope", kScopeMissing},
    {"missing_scope", kScopeMissing},
    {"server_error", kProviderUnavailable},
    {"temporarily_unavailable", kProviderUnavailable},
    {"internal_failure", kProviderUnavailable},
    {"internal_error", kProviderUnavailable},
    {"fatal_error", kProviderUnavailable},  // Slack
    {"slow_down", kRateLimited},
    {"rate_limited", kRateLimited},
    {"ratelimited", kRateLimited},  // Slack
    {"rate_limit_exceeded", kRateLimited},
    {"unauthorized_client", kMisconfigured},
    {"unsupported_grant_type", kMisconfigured},
    {"unsupported_response_type", kMisconfigured},
    {"unsupported_token_type", kMisconfigured},
    {"invalid_request", kMisconfigured},
    {"invalid_target", kMisconfigured},
    {"redirect_uri_mismatch", kMisconfigured},  // Google, GitHub
    {"bad_redirect_uri", kMisconfigured},       // Slack
    {"invalid_tenant", kMisconfigured},
};

// Microsoft says invalid_grant or interaction_required for all of these; its own number knows
// better.
constexpr CodeClass kMicrosoftCodes[] = {
    {"AADSTS50173", kRevokedOrExpired},  // password changed or tokens revoked
    {"AADSTS70000", kRevokedOrExpired},    {"AADSTS70008", kRevokedOrExpired},
    {"AADSTS700082", kRevokedOrExpired},  // inactive for too long
    {"AADSTS700084", kRevokedOrExpired},   {"AADSTS54005", kRevokedOrExpired},  // code used already
    {"AADSTS50057", kRevokedOrExpired},                                         // account disabled
    {"AADSTS50034", kRevokedOrExpired},                                         // no such account
    {"AADSTS50076", kConsentOrMfaNeeded},  {"AADSTS50078", kConsentOrMfaNeeded},
    {"AADSTS50079", kConsentOrMfaNeeded},  {"AADSTS50158", kConsentOrMfaNeeded},
    {"AADSTS53000", kConsentOrMfaNeeded},  // device not compliant
    {"AADSTS53003", kConsentOrMfaNeeded},  // conditional access
    {"AADSTS65001", kConsentOrMfaNeeded},  {"AADSTS65004", kConsentOrMfaNeeded},
    {"AADSTS7000215", kInvalidClient},     {"AADSTS7000222", kInvalidClient},  // secret expired
    {"AADSTS7000218", kInvalidClient},                                         // no secret sent
    {"AADSTS700016", kMisconfigured},  // application not in the directory
    {"AADSTS90002", kMisconfigured},   // no such directory
    {"AADSTS50011", kMisconfigured},   // redirect mismatch
    {"AADSTS70011", kScopeMissing},        {"AADSTS50196", kRateLimited},  // loop detected
    {"AADSTS90033", kProviderUnavailable},
};

constexpr size_t kMaxCode = 60;
constexpr absl::Duration kMaxRetryAfter = absl::Hours(1);

const ClassFact& FactOf(FailureClass failure) { return kFacts[static_cast<int>(failure)]; }

// A code is for people and tables, so it is a short word or nothing; a token would not pass for one
// in kCodes but might here.
std::string SafeCode(std::string_view code) {
  if (code.size() > kMaxCode) return "";
  for (char c : code) {
    if (!std::islower(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != '.') return "";
  }
  return std::string(code);
}

std::string MicrosoftCode(std::string_view description) {
  const size_t begin = description.find("AADSTS");
  if (begin == std::string_view::npos) return "";
  size_t end = begin + 6;
  while (end < description.size() && std::isdigit(static_cast<unsigned char>(description[end])) &&
         end - begin < 16)
    ++end;
  return end == begin + 6 ? "" : std::string(description.substr(begin, end - begin));
}

template <size_t N>
std::optional<FailureClass> Find(const CodeClass (&table)[N], std::string_view code) {
  for (const CodeClass& entry : table) {
    if (entry.code == code) return entry.failure;
  }
  return std::nullopt;
}

FailureClass ClassOfStatus(int status) {
  if (status == 429) return kRateLimited;
  if (status == 401) return kInvalidClient;
  if (status == 408 || status >= 500) return kProviderUnavailable;
  if (status == 404 || status == 405 || status == 410 || (status >= 300 && status < 400))
    return kMisconfigured;
  return kBadAnswer;
}

std::string_view Header(const egress::Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::optional<absl::Time> HttpDate(std::string_view text) {
  absl::Time time;
  std::string ignored;
  if (!absl::ParseTime("%a, %d %b %E4Y %H:%M:%S GMT", std::string(text), absl::UTCTimeZone(), &time,
                       &ignored))
    return std::nullopt;
  return time;
}

}  // namespace

std::string_view FailureClassName(FailureClass failure) { return FactOf(failure).name; }

std::optional<FailureClass> ParseFailureClass(std::string_view name) {
  for (const ClassFact& fact : kFacts) {
    if (fact.name == name) return fact.failure;
  }
  return std::nullopt;
}

GrantEvent EventOf(FailureClass failure) { return FactOf(failure).event; }

TokenFailure ClassifyTransport(const egress::HttpFailure& failure) {
  namespace type = egress::failure;
  struct TypeClass {
    std::string_view type;
    FailureClass failure;
    Delivery delivery;
  };
  static constexpr TypeClass kTypes[] = {
      {type::kEgressDenied, kNetworkBlocked, Delivery::kNotSent},
      {type::kConnectFailed, kProviderUnavailable, Delivery::kNotSent},
      {type::kTlsFailed, kTlsError, Delivery::kNotSent},
      {type::kBadUrl, kMisconfigured, Delivery::kNotSent},
      {type::kBadRequest, kMisconfigured, Delivery::kNotSent},
      {type::kResourceExhausted, kProviderUnavailable, Delivery::kNotSent},
      {type::kTimeout, kProviderUnavailable, Delivery::kUnknown},
      {type::kTooLarge, kBadAnswer, Delivery::kUnknown},
      {type::kBadResponse, kProviderUnavailable, Delivery::kUnknown},
  };
  for (const TypeClass& entry : kTypes) {
    if (entry.type != failure.type) continue;
    return {.failure = entry.failure,
            .delivery = entry.delivery,
            .message = fmt::format("{} ({})", FactOf(entry.failure).words, failure.type)};
  }
  return {.failure = kProviderUnavailable,
          .delivery = Delivery::kUnknown,
          .message = std::string(FactOf(kProviderUnavailable).words)};
}

TokenFailure ClassifyAnswer(int status, const ProviderError& error, absl::Duration retry_after) {
  TokenFailure result{
      .delivery = Delivery::kRefused, .http_status = status, .retry_after = retry_after};
  const std::string microsoft = MicrosoftCode(error.description);
  std::optional<FailureClass> failure = Find(kMicrosoftCodes, microsoft);
  if (failure) {
    result.provider_code = microsoft;
  } else {
    result.provider_code = SafeCode(error.code);
    failure = Find(kCodes, error.code);
  }
  // A proxy in front of a provider that is down or at its limit says so by status alone.
  if (status >= 500 || status == 429 || !failure) failure = ClassOfStatus(status);
  // It may have failed after handing out tokens.
  if (status >= 500 || status == 408) result.delivery = Delivery::kUnknown;
  result.failure = *failure;
  result.message = FactOf(*failure).words;
  return result;
}

TokenFailure BadAnswer(int status, std::string message) {
  return {.failure = kBadAnswer,
          .delivery = Delivery::kUnknown,
          .http_status = status,
          .message = std::move(message)};
}

absl::Duration RetryAfter(const egress::Headers& headers, absl::Time now) {
  const std::string_view text = Header(headers, "retry-after");
  if (text.empty()) return absl::ZeroDuration();
  int64_t seconds = 0;
  if (absl::SimpleAtoi({text.data(), text.size()}, &seconds)) {
    return seconds <= 0 ? absl::ZeroDuration() : std::min(absl::Seconds(seconds), kMaxRetryAfter);
  }
  const std::optional<absl::Time> until = HttpDate(text);
  if (!until) return absl::ZeroDuration();
  const absl::Time theirs = HttpDate(Header(headers, "date")).value_or(now);
  return std::clamp(*until - theirs, absl::ZeroDuration(), kMaxRetryAfter);
}

}  // namespace penstock::connector
