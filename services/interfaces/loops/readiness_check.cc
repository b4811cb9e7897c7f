#include "services/interfaces/loops/readiness_check.h"

namespace penstock::interfaces {
namespace {

constexpr absl::Duration kEngineTimeout = absl::Seconds(1);

}  // namespace

absl::Status ReadinessCheck::Run() {
  database_.Check();
  readiness_.Set(kEngineCondition, engine_.CheckHealth(clock_.Now() + kEngineTimeout));
  return absl::OkStatus();
}

}  // namespace penstock::interfaces
