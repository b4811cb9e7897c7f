#include "services/connector/oauth/testing/refresher_kit.h"

#include <unistd.h>

#include <random>

#include "fmt/format.h"
#include "libs/testing/check.h"

namespace penstock::connector::testing {
namespace {

using penstock::testing::Check;

std::unique_ptr<postgres::Pool> MakePool(const std::string& conninfo) {
  return Check(
      postgres::Pool::Create(
          {.conninfo = conninfo, .max_connections = 8, .acquire_timeout = absl::Seconds(20)}),
      "make a pool");
}

std::unique_ptr<egress::HttpClient> MakeClient(const Clock& clock) {
  egress::Guard guard = Check(
      egress::Guard::Create("127.0.0.1:1024-65535", egress::PlainHttp::kAllowed), "make a guard");
  return Check(egress::HttpClient::Create(std::move(guard), clock), "make an HTTP client");
}

TokenSpool MakeSpool(const std::string& directory) {
  return Check(TokenSpool::Create(
                   directory, Check(crypto::Sealer::Create(crypto::Secret(std::string(32, 's'))),
                                    "make a sealer")),
               "make a spool");
}

double Random() {
  thread_local std::minstd_rand generator{std::random_device()()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

RefreshOptions Named(RefreshOptions options) {
  if (options.holder.empty()) options.holder = fmt::format("process-{}", getpid());
  return options;
}

}  // namespace

RefresherKit::RefresherKit(const std::string& conninfo, const std::string& spool_directory,
                           const Clock& clock, RefreshOptions options)
    : pool(MakePool(conninfo)),
      roots(KeyringOf("a")),
      checked(CheckRootKeys(*pool, roots)),
      keys(roots, *pool, clock, {}),
      recorder(*pool),
      credentials(*pool, keys, recorder, nullptr, clock),
      http(MakeClient(clock)),
      sender(*http, clock),
      spool(MakeSpool(spool_directory)),
      measures(registry),
      refresher(RefreshParts{*pool, credentials, sender, spool, clock, Random, measures},
                Named(std::move(options))) {
  Check(checked, "check the root key");
}

Use UseOf(TenantId tenant, GrantId grant) {
  Use use;
  use.owner = {tenant, OwnerKind::kGrant, grant.uuid()};
  use.target_host = "api.example";
  use.caller.tenant = tenant;
  return use;
}

}  // namespace penstock::connector::testing
