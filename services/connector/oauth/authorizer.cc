#include "services/connector/oauth/authorizer.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/random.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/token_times.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::RunInTransaction;
using postgres::RunInTransactionReturning;
using postgres::Scope;
using storage::FoundAuthorization;

constexpr size_t kSecretBytes = 32;  // 43 characters, within what every provider takes as state
constexpr size_t kMaxCode = 4096;
constexpr std::string_view kCallbackPath = "callback.";

std::string NewSecret() { return crypto::Base64UrlEncode(crypto::RandomBytes(kSecretBytes)); }

absl::Status Unknown() {
  return WithReason(
      absl::InvalidArgumentError("this authorization is not under way: it has expired, was used, "
                                 "or was begun in another browser"),
      "AUTHORIZATION_UNKNOWN");
}

std::string Get(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto at = query.find(name);
  return at == query.end() ? "" : at->second;
}

// A word that a provider put in a URL may be anything; what is stored and shown is a word.
std::string OutcomeOf(const std::string& error) {
  const bool word = error.size() <= 60 &&
                    std::all_of(error.begin(), error.end(),
                                [](unsigned char c) { return std::islower(c) || c == '_'; });
  return word ? error : "refused";
}

auth::CallContext CallerOf(const Authorization& authorization) {
  auth::CallContext caller;
  caller.tenant = authorization.tenant;
  caller.user = authorization.created_by;
  caller.service = "connector-service";
  return caller;
}

}  // namespace

absl::Status AddCallbackValues(const OAuth2Config& config,
                               const std::map<std::string, std::string>& query,
                               TokenValues& values) {
  for (const FromToken& rule : config.from_token) {
    if (!rule.path.starts_with(kCallbackPath)) continue;
    const std::string value = Get(query, rule.path.substr(kCallbackPath.size()));
    if (value.empty()) continue;
    RETURN_IF_ERROR(CheckTokenValue(rule, value));
    values[rule.name] = value;
  }
  return absl::OkStatus();
}

Authorizer::Authorizer(const RefreshParts& parts, AuthorizationOptions options)
    : parts_(parts), options_(std::move(options)), writer_(parts.pool, parts.credentials) {}

std::string Authorizer::RedirectUri(const std::string& provider) const {
  return options_.public_url + "/oauth/callback/" + provider;
}

absl::StatusOr<StartedAuthorization> Authorizer::Start(const auth::CallContext& caller,
                                                       const Grant& grant,
                                                       const std::string& return_to) {
  // The connector's config as it is now: consent is given to that, and the grant has it once
  // consent is given.
  ASSIGN_OR_RETURN(const OAuth2Config config, ParseOAuth2Config(grant.connector_config));
  if (config.grant_type != GrantType::kAuthorizationCode || config.authorize_url.empty()) {
    return WithReason(
        absl::FailedPreconditionError("grants of this connector are not authorized in a browser"),
        "NO_CONSENT_NEEDED");
  }
  if (!return_to.empty() && !options_.return_addresses.contains(return_to)) {
    return InvalidField("return_to", "is not the id of a registered address");
  }
  const std::string ticket = NewSecret();
  const Authorization authorization{.id = AuthorizationId::Make(parts_.clock.Now()),
                                    .tenant = grant.tenant,
                                    .grant = grant.id,
                                    .config = grant.connector_config,
                                    .provider = grant.provider,
                                    .redirect_uri = RedirectUri(grant.provider),
                                    .expected_issuer = config.issuer,
                                    .return_to = return_to,
                                    .scopes = grant.scopes_requested,
                                    .created_by = caller.user};
  ASSIGN_OR_RETURN(const absl::Time expires_at,
                   RunInTransactionReturning<absl::Time>(
                       parts_.pool, Scope{.tenant = grant.tenant}, [&](Connection& connection) {
                         return storage::InsertAuthorization(
                             connection, authorization, storage::AuthorizationKind::kCode,
                             crypto::Sha256(ticket), options_.lifetime);
                       }));
  return StartedAuthorization{options_.public_url + "/oauth/start?ticket=" + ticket,
                              authorization.redirect_uri, expires_at};
}

absl::StatusOr<OpenedAuthorization> Authorizer::Open(const std::string& ticket) {
  const std::string state = NewSecret(), binding = NewSecret(), verifier = NewSecret();
  ASSIGN_OR_RETURN(const auto found, RunInTransactionReturning<std::optional<FoundAuthorization>>(
                                         parts_.pool, Scope{}, [&](Connection& connection) {
                                           return storage::OpenAuthorization(
                                               connection, crypto::Sha256(ticket),
                                               crypto::Sha256(state), crypto::Sha256(binding));
                                         }));
  if (!found) return Unknown();
  const auto& [tenant, id] = *found;
  RETURN_IF_ERROR(parts_.credentials.Prepare(tenant));
  ASSIGN_OR_RETURN(
      const Authorization authorization,
      RunInTransactionReturning<Authorization>(
          parts_.pool, Scope{.tenant = tenant},
          [&](Connection& connection) -> absl::StatusOr<Authorization> {
            ASSIGN_OR_RETURN(Authorization loaded,
                             storage::LoadAuthorization(connection, tenant, id));
            std::map<std::string, crypto::Secret> values;
            values[secret_field::kPkceVerifier] = crypto::Secret(verifier);
            RETURN_IF_ERROR(parts_.credentials.Put(connection, loaded.owner(), std::move(values)));
            return loaded;
          }));
  ASSIGN_OR_RETURN(const OAuth2Config config, ParseOAuth2Config(authorization.config));
  const std::string challenge =
      config.pkce == Pkce::kUnsupported ? "" : crypto::Base64UrlEncode(crypto::Sha256(verifier));
  const std::string url =
      AuthorizeUrl(config, {authorization.redirect_uri, state, challenge, authorization.scopes});
  return OpenedAuthorization{url, binding, authorization.expires_at - authorization.now};
}

absl::StatusOr<CompletedAuthorization> Authorizer::Complete(const AuthorizationCallback& callback,
                                                            absl::Time deadline) {
  const std::string state = Get(callback.query, "state");
  if (state.empty() || callback.browser_binding.empty()) return Unknown();
  ASSIGN_OR_RETURN(const auto found, RunInTransactionReturning<std::optional<FoundAuthorization>>(
                                         parts_.pool, Scope{}, [&](Connection& connection) {
                                           return storage::ConsumeAuthorization(
                                               connection, crypto::Sha256(state),
                                               crypto::Sha256(callback.browser_binding),
                                               callback.provider);
                                         }));
  if (!found) return Unknown();
  const auto& [tenant, id] = *found;
  ASSIGN_OR_RETURN(const Authorization authorization,
                   RunInTransactionReturning<Authorization>(
                       parts_.pool, Scope{.tenant = tenant}, [&](Connection& connection) {
                         return storage::LoadAuthorization(connection, tenant, id);
                       }));
  ASSIGN_OR_RETURN(const std::string outcome, Exchange(authorization, callback, deadline));
  RETURN_IF_ERROR(RunInTransaction(
      parts_.pool, Scope{.tenant = tenant}, [&](Connection& connection) -> absl::Status {
        RETURN_IF_ERROR(parts_.credentials.RemoveAll(connection, authorization.owner()));
        return storage::EndAuthorization(connection, tenant, authorization.id, outcome);
      }));
  return CompletedAuthorization{tenant, authorization.grant, outcome,
                                Get(options_.return_addresses, authorization.return_to)};
}

absl::StatusOr<std::string> Authorizer::Exchange(const Authorization& authorization,
                                                 const AuthorizationCallback& callback,
                                                 absl::Time deadline) {
  // First of all: an answer of another server is not read any further (RFC 9207).
  const std::string issuer = Get(callback.query, "iss");
  if (!authorization.expected_issuer.empty() && !issuer.empty() &&
      issuer != authorization.expected_issuer)
    return std::string("issuer_mismatch");
  if (const std::string error = Get(callback.query, "error"); !error.empty()) {
    const TokenFailure failure = ClassifyAnswer(
        400, {error, Get(callback.query, "error_description")}, absl::ZeroDuration());
    RETURN_IF_ERROR(Fail(authorization, failure));
    return OutcomeOf(error);
  }
  const std::string code = Get(callback.query, "code");
  if (code.empty() || code.size() > kMaxCode) return std::string("bad_answer");
  ASSIGN_OR_RETURN(const OAuth2Config config, ParseOAuth2Config(authorization.config));
  ASSIGN_OR_RETURN(
      const Grant grant,
      RunInTransactionReturning<Grant>(
          parts_.pool, Scope{.tenant = authorization.tenant}, [&](Connection& connection) {
            return storage::LoadGrant(connection, authorization.tenant, authorization.grant,
                                      storage::GrantLock::kNone);
          }));
  const Asker asker{CallerOf(authorization), ""};
  ASSIGN_OR_RETURN(const Opened client,
                   OpenClientSecrets(parts_.credentials, grant, config, Purpose::kAuthorize,
                                     config.token_url, asker, deadline));
  Use use;
  use.owner = authorization.owner();
  use.fields = {secret_field::kPkceVerifier};
  use.purpose = Purpose::kAuthorize;
  use.target_host = HostOf(config.token_url);
  use.caller = asker.caller;
  ASSIGN_OR_RETURN(const Opened opened, parts_.credentials.Open(use, deadline));
  std::string_view verifier;
  if (config.pkce != Pkce::kUnsupported) {
    ASSIGN_OR_RETURN(verifier, opened.credentials.Get(secret_field::kPkceVerifier));
  }
  const Stamp stamp{parts_.clock.Now(), crypto::Base64UrlEncode(crypto::RandomBytes(16))};
  ASSIGN_OR_RETURN(const std::string assertion, ClientAssertion(config, client.credentials, stamp));
  ASSIGN_OR_RETURN(egress::HttpRequest request,
                   TokenRequest(config, config.token_url,
                                CodeParameters(code, authorization.redirect_uri, verifier),
                                {client.credentials, assertion}));
  parts_.measures.Sent();
  // Once: a code is good once, and shown twice it ends what it gave.
  egress::HttpResult result = parts_.sender.Send(
      std::move(request), std::min(deadline, parts_.clock.Now() + kTokenRequestTimeout), nullptr);
  TokenOutcome outcome = ReadTokenAnswer(config, result, parts_.clock.Now());
  if (auto* response = std::get_if<egress::HttpResponse>(&result)) crypto::Wipe(response->body);
  if (auto* answer = std::get_if<TokenAnswer>(&outcome)) {
    RecordOutcome(parts_.credentials, {&client, &opened}, UseOutcome::kSucceeded, 200);
    return Keep(authorization, std::move(*answer), config, callback);
  }
  const TokenFailure& failure = std::get<TokenFailure>(outcome);
  RecordOutcome(parts_.credentials, {&client, &opened}, UseOutcomeOf(failure), failure.http_status);
  parts_.measures.Failed(failure.failure);
  RETURN_IF_ERROR(Fail(authorization, failure));
  return std::string(FailureClassName(failure.failure));
}

absl::StatusOr<std::string> Authorizer::Keep(const Authorization& authorization, TokenAnswer answer,
                                             const OAuth2Config& config,
                                             const AuthorizationCallback& callback) {
  if (absl::Status values = AddCallbackValues(config, callback.query, answer.values);
      !values.ok()) {
    RETURN_IF_ERROR(Fail(authorization, BadAnswer(0, std::string(values.message()))));
    return std::string("bad_answer");
  }
  // Lifetimes are counted from when we read the row: before the provider began to.
  TokenWriter::Authorized authorized{.tenant = authorization.tenant,
                                     .grant = authorization.grant,
                                     .sent_at = authorization.now,
                                     .answer = std::move(answer),
                                     .config = authorization.config};
  ASSIGN_OR_RETURN(const Grant grant, writer_.StoreAuthorized(authorized, parts_.random()));
  parts_.measures.Kept("authorized");
  return grant.state_reason.empty() ? "authorized" : grant.state_reason;
}

absl::Status Authorizer::Fail(const Authorization& authorization, const TokenFailure& failure) {
  // The grant's state stays: a consent that failed takes nothing from the one before.
  return RunInTransaction(
      parts_.pool, Scope{.tenant = authorization.tenant}, [&](Connection& connection) {
        return storage::WriteLastError(connection, authorization.tenant, authorization.grant,
                                       DescribeFailure(failure, failure.failure, authorization.now,
                                                       authorization.id.ToString()));
      });
}

}  // namespace penstock::connector
