// Consent: sending a browser to a provider, and what it brings back (RFC 6749, 7636, 9207, 9700).
//
//   Start ──► a link with a ticket ──► browser at our door
//     ──► Open: the ticket is used up; state, PKCE verifier and a cookie are made
//     ──► provider ──► browser at /oauth/callback/<provider>
//     ──► Complete: state and cookie are used up in one statement, the code is exchanged once, the
//         tokens are stored
//
// The state says nothing and is not stored; its hash is. A callback needs the cookie of the browser
// that was sent, so that nobody can link an account of his own to another's grant. Each provider
// has a redirect URI of its own, so that one can't pass for another.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "services/connector/oauth/authorization_store.h"
#include "services/connector/oauth/refresh_round.h"

namespace penstock::connector {

struct AuthorizationOptions {
  std::string public_url;  // "https://penstock.example": where browsers find our front door
  // By id: where a browser goes when all is done.
  std::map<std::string, std::string> return_addresses;
  absl::Duration lifetime = absl::Minutes(10);
};

struct StartedAuthorization {
  std::string url;  // to send the browser to; good once
  std::string redirect_uri;
  absl::Time expires_at;
};

struct OpenedAuthorization {
  std::string authorize_url;  // at the provider
  // Value of the cookie "__Host-penstock_oauth" (Secure, HttpOnly, SameSite=Lax, Path=/).
  std::string browser_binding;
  absl::Duration lifetime;
};

// What a browser came back with.
struct AuthorizationCallback {
  std::string provider;         // of the path
  std::string browser_binding;  // of the cookie
  std::map<std::string, std::string> query;
};

struct CompletedAuthorization {
  TenantId tenant;
  GrantId grant;
  // "authorized", "connected_with_reduced_scope", "issuer_mismatch", a word of the provider's
  // ("access_denied") or a failure class.
  std::string outcome;
  std::string return_url;  // empty = there is none
};

class Authorizer {
 public:
  // `parts` outlive it.
  Authorizer(const RefreshParts& parts, AuthorizationOptions options);

  // `return_to`: the id of a registered address, or empty. INVALID_ARGUMENT for another;
  // FAILED_PRECONDITION (NO_CONSENT_NEEDED) for grants that need none.
  absl::StatusOr<StartedAuthorization> Start(const auth::CallContext& caller, const Grant& grant,
                                             const std::string& return_to);
  // INVALID_ARGUMENT (AUTHORIZATION_UNKNOWN) when the ticket is unknown, used or expired.
  absl::StatusOr<OpenedAuthorization> Open(const std::string& ticket);
  // INVALID_ARGUMENT (AUTHORIZATION_UNKNOWN) when state, cookie and provider are not those of one
  // authorization under way. Everything that goes wrong later is an outcome.
  absl::StatusOr<CompletedAuthorization> Complete(const AuthorizationCallback& callback,
                                                  absl::Time deadline);

  std::string RedirectUri(const std::string& provider) const;

 private:
  absl::StatusOr<std::string> Exchange(const Authorization& authorization,
                                       const AuthorizationCallback& callback, absl::Time deadline);
  absl::StatusOr<std::string> Keep(const Authorization& authorization, TokenAnswer answer,
                                   const OAuth2Config& config,
                                   const AuthorizationCallback& callback);
  absl::Status Fail(const Authorization& authorization, const TokenFailure& failure);

  const RefreshParts& parts_;
  const AuthorizationOptions options_;
  TokenWriter writer_;
};

// Values of the grant's config whose path is "callback.<name>" come with the browser and not with
// the tokens (QuickBooks: realmId).
absl::Status AddCallbackValues(const OAuth2Config& config,
                               const std::map<std::string, std::string>& query,
                               TokenValues& values);

}  // namespace penstock::connector
