#include "services/connector/grants.h"

#include <utility>

#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

// At a time; what is left is for the next run.
constexpr int kMostRefreshes = 50;
constexpr int kMostDevices = 50;
constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr absl::Duration kRefreshPeriod = absl::Seconds(15);
constexpr absl::Duration kDevicePeriod = absl::Seconds(2);
constexpr absl::Duration kSpoolPeriod = absl::Seconds(5);

}  // namespace

Grants::Grants(Parts parts, TokenSpool spool, AuthorizationOptions options, std::string holder,
               std::function<double()> random)
    : measures_(parts.registry),
      spool_(std::move(spool)),
      refresh_parts_{.pool = parts.pool,
                     .credentials = parts.credentials,
                     .sender = parts.sender,
                     .spool = spool_,
                     .clock = parts.clock,
                     .random = std::move(random),
                     .measures = measures_},
      refresher_(refresh_parts_, {.holder = std::move(holder)}),
      tokens_(refresher_),
      authorizer_(refresh_parts_, std::move(options)),
      devices_(refresh_parts_),
      revoker_(refresh_parts_),
      context_{refresh_parts_, refresher_, authorizer_, devices_, revoker_},
      refresh_loop_(
          {.name = "token-refresh", .period = kRefreshPeriod},
          [this] { return refresher_.RefreshDue(kMostRefreshes, kPatience).status(); }, parts.clock,
          &parts.registry),
      device_loop_(
          {.name = "device-codes", .period = kDevicePeriod},
          [this] { return devices_.PollDue(kMostDevices, kPatience).status(); }, parts.clock,
          &parts.registry),
      spool_loop_(
          {.name = "token-spool", .period = kSpoolPeriod}, [this] { return refresher_.Replay(); },
          parts.clock, &parts.registry) {}

grpc::Service* Grants::MakeService(rpc::Serving& serving) {
  service_ = std::make_unique<GrantService>(serving, context_);
  return service_.get();
}

void Grants::Start() {
  spool_loop_.Start();
  refresh_loop_.Start();
  device_loop_.Start();
}

void Grants::Stop() {
  device_loop_.Stop();
  refresh_loop_.Stop();
  spool_loop_.Stop();
}

}  // namespace penstock::connector
