// What it takes to ask a provider for the next token of a grant: the secrets, opened, and the
// request made of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/egress/http.h"
#include "services/connector/auth/oauth2/oauth2_config.h"
#include "services/connector/credentials/credential_store.h"
#include "services/connector/oauth/attempt_journal.h"
#include "services/connector/oauth/failure_class.h"
#include "services/connector/oauth/grant.h"
#include "services/connector/oauth/grant_config.h"
#include "services/connector/oauth/token_request.h"

namespace penstock::connector {

// "api.slack.com" of a URL, lower case; what an audit row names. Empty for what is no URL.
std::string HostOf(std::string_view url);

// On whose behalf secrets are opened.
struct Asker {
  auth::CallContext caller = {};
  std::string execution_id = {};
};

// The client's secret, as client_auth and grant type need it; empty when they need none.
absl::StatusOr<Opened> OpenClientSecrets(CredentialStore& credentials, const Grant& grant,
                                         const OAuth2Config& config, Purpose purpose,
                                         std::string_view url, const Asker& asker,
                                         absl::Time deadline);

// When and under which id assertions are made.
struct Stamp {
  absl::Time now;
  std::string unique;  // "jti"
};
// The assertion that private_key_jwt asks for, or nothing with other ways of client authentication.
absl::StatusOr<std::string> ClientAssertion(const OAuth2Config& config, const Credentials& client,
                                            const Stamp& stamp);

struct RefreshMaterial {
  OAuth2Config config;
  Opened client;
  Opened tokens;  // "refresh_token", "previous_refresh_token", of those there are
};
absl::StatusOr<RefreshMaterial> OpenRefreshMaterial(CredentialStore& credentials,
                                                    const Grant& grant, const Asker& asker,
                                                    absl::Time deadline);

// Tells the audit how the uses that `opened` stand for ended.
void RecordOutcome(CredentialStore& credentials, const std::vector<const Opened*>& opened,
                   UseOutcome outcome, int http_status);
UseOutcome UseOutcomeOf(const TokenFailure& failure);

// The request for a new access token: by refresh token, client credentials or assertion. INTERNAL
// without a refresh token where it takes one.
absl::StatusOr<egress::HttpRequest> RefreshRequest(const Grant& grant,
                                                   const RefreshMaterial& material,
                                                   storage::TokenUsed used, const Stamp& stamp);

}  // namespace penstock::connector
