#include "services/connector/oauth/token_material.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/assertion.h"
#include "services/connector/oauth/token_times.h"

namespace penstock::connector {
namespace {

Use UseOf(const CredentialOwner& owner, std::vector<std::string> fields, Purpose purpose,
          std::string_view url, const Asker& asker) {
  Use use;
  use.owner = owner;
  use.fields = std::move(fields);
  use.purpose = purpose;
  use.target_host = HostOf(url);
  use.execution_id = asker.execution_id;
  use.caller = asker.caller;
  use.caller.tenant = owner.tenant;
  return use;
}

}  // namespace

std::string HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return "";
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const size_t user = host.rfind('@'); user != std::string_view::npos)
    host.remove_prefix(user + 1);
  if (const size_t port = host.rfind(':'); port != std::string_view::npos && host.back() != ']')
    host = host.substr(0, port);
  return absl::AsciiStrToLower({host.data(), host.size()});
}

absl::StatusOr<Opened> OpenClientSecrets(CredentialStore& credentials, const Grant& grant,
                                         const OAuth2Config& config, Purpose purpose,
                                         std::string_view url, const Asker& asker,
                                         absl::Time deadline) {
  std::vector<std::string> fields;
  if (config.has_client_secret()) fields.push_back(secret_field::kClientSecret);
  if (config.signs_assertions()) fields.push_back(secret_field::kPrivateKey);
  if (fields.empty()) return Opened();
  Use use = UseOf(grant.client(), std::move(fields), purpose, url, asker);
  use.storage = grant.client_storage;
  return credentials.Open(use, deadline);
}

absl::StatusOr<std::string> ClientAssertion(const OAuth2Config& config, const Credentials& client,
                                            const Stamp& stamp) {
  if (config.client_auth != ClientAuth::kPrivateKeyJwt) return std::string();
  ASSIGN_OR_RETURN(const std::string_view key, client.Get(secret_field::kPrivateKey));
  return MakeClientAssertion(config, key, stamp.now, stamp.unique);
}

absl::StatusOr<RefreshMaterial> OpenRefreshMaterial(CredentialStore& credentials,
                                                    const Grant& grant, const Asker& asker,
                                                    absl::Time deadline) {
  RefreshMaterial material;
  ASSIGN_OR_RETURN(material.config, ReadConfig(grant));
  const std::string& url = material.config.refresh_url;
  ASSIGN_OR_RETURN(material.client, OpenClientSecrets(credentials, grant, material.config,
                                                      Purpose::kRefresh, url, asker, deadline));
  if (IsUnattended(material.config)) return material;
  Use use = UseOf(grant.owner(), {secret_field::kRefreshToken}, Purpose::kRefresh, url, asker);
  if (grant.has_previous_token) use.optional_fields = {secret_field::kPreviousRefreshToken};
  ASSIGN_OR_RETURN(material.tokens, credentials.Open(use, deadline));
  return material;
}

void RecordOutcome(CredentialStore& credentials, const std::vector<const Opened*>& opened,
                   UseOutcome outcome, int http_status) {
  for (const Opened* one : opened) {
    if (!one->use.id.is_nil()) credentials.RecordOutcome(one->use, outcome, http_status);
  }
}

UseOutcome UseOutcomeOf(const TokenFailure& failure) {
  if (failure.failure == FailureClass::kNetworkBlocked) return UseOutcome::kBlocked;
  if (failure.delivery == Delivery::kUnknown) return UseOutcome::kUnknown;
  const bool rejected = failure.failure == FailureClass::kInvalidClient ||
                        EventOf(failure.failure) == GrantEvent::kGrantLost;
  return rejected ? UseOutcome::kRejected : UseOutcome::kFailed;
}

absl::StatusOr<egress::HttpRequest> RefreshRequest(const Grant& grant,
                                                   const RefreshMaterial& material,
                                                   storage::TokenUsed used, const Stamp& stamp) {
  const OAuth2Config& config = material.config;
  ASSIGN_OR_RETURN(const std::string assertion,
                   ClientAssertion(config, material.client.credentials, stamp));
  const ClientProof proof{material.client.credentials, assertion};
  if (config.grant_type == GrantType::kClientCredentials) {
    return TokenRequest(config, config.token_url,
                        ClientCredentialsParameters(config, grant.scopes_requested), proof);
  }
  if (config.grant_type == GrantType::kJwtBearer) {
    ASSIGN_OR_RETURN(const std::string_view key,
                     material.client.credentials.Get(secret_field::kPrivateKey));
    ASSIGN_OR_RETURN(
        const std::string grant_assertion,
        MakeGrantAssertion(config, grant.scopes_requested, key, stamp.now, stamp.unique));
    return TokenRequest(config, config.token_url,
                        JwtBearerParameters(config, grant_assertion, grant.scopes_requested),
                        proof);
  }
  const char* field = used == storage::TokenUsed::kPrevious ? secret_field::kPreviousRefreshToken
                                                            : secret_field::kRefreshToken;
  ASSIGN_OR_RETURN(const std::string_view token, material.tokens.credentials.Get(field));
  return TokenRequest(config, config.refresh_url, RefreshParameters(token), proof);
}

}  // namespace penstock::connector
