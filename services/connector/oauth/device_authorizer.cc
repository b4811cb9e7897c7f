#include "services/connector/oauth/device_authorizer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"
#include "libs/log/log.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/grant_error.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::RunInTransaction;
using postgres::RunInTransactionReturning;
using postgres::Scope;

constexpr int kDefaultInterval = 5;  // RFC 8628 3.2
constexpr int kSlowDown = 5;         // 3.5: and for good
constexpr int kMaxInterval = 300;
constexpr absl::Duration kMaxLifetime = absl::Hours(1);

std::string Get(const AnswerMembers& members, const std::string& name) {
  const auto at = members.find(name);
  return at == members.end() ? "" : at->second;
}

int IntervalOf(const AnswerMembers& members) {
  int interval = 0;
  if (!absl::SimpleAtoi(Get(members, "interval"), &interval) || interval <= 0)
    return kDefaultInterval;
  return std::min(interval, kMaxInterval);
}

// People are shown this as a link.
bool IsWebAddress(const std::string& url) {
  return (url.starts_with("https://") || url.starts_with("http://127.0.0.1")) &&
         url.size() <= 2000 && std::all_of(url.begin(), url.end(), [](unsigned char c) {
           return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>';
         });
}

absl::StatusOr<std::string> AssertionOf(const RefreshParts& parts, const OAuth2Config& config,
                                        const Opened& client) {
  return ClientAssertion(config, client.credentials,
                         {parts.clock.Now(), crypto::Base64UrlEncode(crypto::RandomBytes(16))});
}

}  // namespace

absl::StatusOr<StartedDevice> DeviceAuthorizer::Start(const auth::CallContext& caller,
                                                      const Grant& grant, absl::Time deadline) {
  ASSIGN_OR_RETURN(const OAuth2Config config, ParseOAuth2Config(grant.connector_config));
  if (config.device_url.empty()) {
    return WithReason(
        absl::FailedPreconditionError(
            "grants of this connector are not authorized on another device: it has no device_url"),
        "NO_DEVICE_FLOW");
  }
  const Asker asker{caller, ""};
  ASSIGN_OR_RETURN(const Opened client,
                   OpenClientSecrets(parts_.credentials, grant, config, Purpose::kAuthorize,
                                     config.device_url, asker, deadline));
  ASSIGN_OR_RETURN(const std::string assertion, AssertionOf(parts_, config, client));
  ASSIGN_OR_RETURN(
      egress::HttpRequest request,
      DeviceAuthorizationRequest(config, grant.scopes_requested, {client.credentials, assertion}));
  const auto outcome = ReadMembers(
      parts_.sender.Send(std::move(request),
                         std::min(deadline, parts_.clock.Now() + kTokenRequestTimeout), nullptr),
      parts_.clock.Now());
  if (const auto* failure = std::get_if<TokenFailure>(&outcome)) {
    RecordOutcome(parts_.credentials, {&client}, UseOutcomeOf(*failure), failure->http_status);
    return StatusOf(*failure);
  }
  RecordOutcome(parts_.credentials, {&client}, UseOutcome::kSucceeded, 200);
  const auto& members = std::get<AnswerMembers>(outcome);
  std::string uri = Get(members, "verification_uri");
  if (uri.empty()) uri = Get(members, "verification_url");  // as Google spells it
  const std::string complete = Get(members, "verification_uri_complete");
  const std::string device_code = Get(members, "device_code"),
                    user_code = Get(members, "user_code");
  if (device_code.empty() || user_code.empty() || user_code.size() > 100 || !IsWebAddress(uri)) {
    return StatusOf(
        BadAnswer(200, "the provider's answer has no device code, user code or address to show"));
  }
  const absl::Duration lifetime = std::min(
      ReadLifetime(Get(members, "expires_in"), absl::Seconds(1)).value_or(absl::Minutes(15)),
      kMaxLifetime);
  const Authorization device{.id = AuthorizationId::Make(parts_.clock.Now()),
                             .tenant = grant.tenant,
                             .grant = grant.id,
                             .config = grant.connector_config,
                             .provider = grant.provider,
                             .scopes = grant.scopes_requested,
                             .created_by = caller.user,
                             .interval_seconds = IntervalOf(members)};
  RETURN_IF_ERROR(parts_.credentials.Prepare(grant.tenant));
  ASSIGN_OR_RETURN(
      const absl::Time expires_at,
      RunInTransactionReturning<absl::Time>(
          parts_.pool, Scope{.tenant = grant.tenant},
          [&](Connection& connection) -> absl::StatusOr<absl::Time> {
            ASSIGN_OR_RETURN(
                const absl::Time expires,
                storage::InsertAuthorization(connection, device,
                                             storage::AuthorizationKind::kDevice, "", lifetime));
            std::map<std::string, crypto::Secret> values;
            values[secret_field::kDeviceCode] = crypto::Secret(device_code);
            RETURN_IF_ERROR(parts_.credentials.Put(connection, device.owner(), std::move(values)));
            return expires;
          }));
  return StartedDevice{user_code, uri, IsWebAddress(complete) ? complete : "", expires_at};
}

absl::StatusOr<int> DeviceAuthorizer::PollDue(int limit, absl::Duration patience_each) {
  using Due = std::vector<storage::FoundAuthorization>;
  ASSIGN_OR_RETURN(const Due due, RunInTransactionReturning<Due>(
                                      parts_.pool, Scope{}, [&](Connection& connection) {
                                        return storage::TakeDevicePolls(connection, limit);
                                      }));
  for (const auto& [tenant, id] : due) {
    const absl::Status polled = Poll(tenant, id, parts_.clock.Now() + patience_each);
    // Its row says when it is asked about again.
    if (!polled.ok())
      log::Warning("asking about a device failed", {{"authorization", id}, {"status", polled}});
  }
  return static_cast<int>(due.size());
}

absl::Status DeviceAuthorizer::Poll(TenantId tenant, AuthorizationId id, absl::Time deadline) {
  Grant grant;
  ASSIGN_OR_RETURN(const Authorization device,
                   RunInTransactionReturning<Authorization>(
                       parts_.pool, Scope{.tenant = tenant},
                       [&](Connection& connection) -> absl::StatusOr<Authorization> {
                         ASSIGN_OR_RETURN(Authorization loaded,
                                          storage::LoadAuthorization(connection, tenant, id));
                         ASSIGN_OR_RETURN(grant,
                                          storage::LoadGrant(connection, tenant, loaded.grant,
                                                             storage::GrantLock::kNone));
                         return loaded;
                       }));
  if (device.expires_at <= device.now) return End(device, nullptr, "expired_token");
  ASSIGN_OR_RETURN(const OAuth2Config config, ParseOAuth2Config(device.config));
  ASSIGN_OR_RETURN(TokenOutcome outcome, Ask(device, grant, config, deadline));
  return Conclude(device, std::move(outcome));
}

absl::StatusOr<TokenOutcome> DeviceAuthorizer::Ask(const Authorization& device, const Grant& grant,
                                                   const OAuth2Config& config,
                                                   absl::Time deadline) {
  Asker asker;
  asker.caller.tenant = device.tenant;
  asker.caller.user = device.created_by;
  asker.caller.service = "connector-service";
  ASSIGN_OR_RETURN(const Opened client,
                   OpenClientSecrets(parts_.credentials, grant, config, Purpose::kAuthorize,
                                     config.token_url, asker, deadline));
  Use use;
  use.owner = device.owner();
  use.fields = {secret_field::kDeviceCode};
  use.purpose = Purpose::kAuthorize;
  use.target_host = HostOf(config.token_url);
  use.caller = asker.caller;
  ASSIGN_OR_RETURN(const Opened opened, parts_.credentials.Open(use, deadline));
  ASSIGN_OR_RETURN(const std::string_view code, opened.credentials.Get(secret_field::kDeviceCode));
  ASSIGN_OR_RETURN(const std::string assertion, AssertionOf(parts_, config, client));
  ASSIGN_OR_RETURN(egress::HttpRequest request,
                   TokenRequest(config, config.token_url, DeviceTokenParameters(code),
                                {client.credentials, assertion}));
  egress::HttpResult result = parts_.sender.Send(
      std::move(request), std::min(deadline, parts_.clock.Now() + kTokenRequestTimeout), nullptr);
  TokenOutcome outcome = ReadTokenAnswer(config, result, parts_.clock.Now());
  if (auto* response = std::get_if<egress::HttpResponse>(&result)) crypto::Wipe(response->body);
  const auto* failure = std::get_if<TokenFailure>(&outcome);
  RecordOutcome(parts_.credentials, {&client, &opened},
                failure == nullptr ? UseOutcome::kSucceeded : UseOutcomeOf(*failure),
                failure == nullptr ? 200 : failure->http_status);
  return outcome;
}

absl::Status DeviceAuthorizer::Conclude(const Authorization& device, TokenOutcome outcome) {
  if (auto* answer = std::get_if<TokenAnswer>(&outcome)) {
    TokenWriter::Authorized authorized{.tenant = device.tenant,
                                       .grant = device.grant,
                                       .sent_at = device.now,
                                       .answer = std::move(*answer),
                                       .config = device.config};
    ASSIGN_OR_RETURN(const Grant grant, writer_.StoreAuthorized(authorized, parts_.random()));
    parts_.measures.Kept("authorized");
    return End(device, nullptr, grant.state_reason.empty() ? "authorized" : grant.state_reason);
  }
  const TokenFailure& failure = std::get<TokenFailure>(outcome);
  const int interval = std::max(device.interval_seconds, 1);
  if (failure.provider_code == "authorization_pending")
    return Delay(device, interval, absl::Seconds(interval));
  if (failure.provider_code == "slow_down") {
    const int slower = std::min(interval + kSlowDown, kMaxInterval);
    return Delay(device, slower, absl::Seconds(slower));
  }
  // Not reached, or at its limit: nothing was decided.
  if (failure.failure == FailureClass::kProviderUnavailable ||
      failure.failure == FailureClass::kRateLimited) {
    const int slower = std::min(interval * 2, kMaxInterval);
    return Delay(device, slower, std::max(absl::Seconds(slower), failure.retry_after));
  }
  return End(device, &failure,
             failure.provider_code.empty() ? FailureClassName(failure.failure)
                                           : std::string_view(failure.provider_code));
}

absl::Status DeviceAuthorizer::End(const Authorization& device, const TokenFailure* failure,
                                   std::string_view outcome) {
  const bool word =
      outcome.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
  return RunInTransaction(
      parts_.pool, Scope{.tenant = device.tenant}, [&](Connection& connection) -> absl::Status {
        if (failure != nullptr) {
          RETURN_IF_ERROR(storage::WriteLastError(
              connection, device.tenant, device.grant,
              DescribeFailure(*failure, failure->failure, device.now, device.id.ToString())));
        }
        RETURN_IF_ERROR(parts_.credentials.RemoveAll(connection, device.owner()));
        return storage::EndAuthorization(connection, device.tenant, device.id,
                                         word ? outcome : "refused");
      });
}

absl::Status DeviceAuthorizer::Delay(const Authorization& device, int interval_seconds,
                                     absl::Duration delay) {
  return RunInTransaction(parts_.pool, Scope{.tenant = device.tenant}, [&](Connection& connection) {
    return storage::DelayPoll(connection, device.tenant, device.id, interval_seconds, delay);
  });
}

}  // namespace penstock::connector
