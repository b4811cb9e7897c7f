#include "services/connector/ops/testing/calling.h"

#include <string_view>

#include "libs/testing/check.h"
#include "services/connector/auth/builtin.h"

namespace penstock::connector::testing {
namespace {

using penstock::testing::Check;

std::unique_ptr<egress::HttpClient> MakeHttp(const Clock& clock) {
  return Check(
      egress::HttpClient::Create(
          Check(egress::Guard::Create("127.0.0.1:1-65535", egress::PlainHttp::kAllowed), "guard"),
          clock),
      "client");
}

absl::Status AuditNothing(postgres::Connection&, const auth::CallContext&, std::string_view,
                          const std::string&) {
  return absl::OkStatus();
}

}  // namespace

Calling::Calling(postgres::Pool& pool, CredentialStore& store, GrantTokens& tokens,
                 const Clock& clock, int at_once)
    : strategies(BuiltinAuthStrategies({.plain_http = true, .any_host = true})),
      catalogue(Check(Catalogue::CreateEmbedded(), "catalogue")),
      providers{pool, catalogue, clock, AuditNothing},
      connectors{.pool = pool,
                 .strategies = strategies,
                 .providers = providers,
                 .credentials = store,
                 .clock = clock,
                 .plain_http = egress::PlainHttp::kAllowed},
      known(connectors),
      workflows(pool, clock),
      health(connectors),
      http(MakeHttp(clock)),
      sender(*http, clock),
      metrics(registry, {}),
      caller({.http = sender,
              .rate_gate = gate,
              .clock = clock,
              .metrics = metrics,
              .jitter = [] { return 0.0; },
              .sleep = SleepInRealTime},
             {.max_calls_per_connector = at_once, .breaker = {}}),
      context{connectors, known, workflows, health, tokens, caller} {}

}  // namespace penstock::connector::testing
