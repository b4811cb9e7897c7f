// The overview on the wire.
#pragma once

#include "penstock/tenancy/v1/overview.pb.h"
#include "services/interfaces/ops/overview.h"

namespace penstock::interfaces {

tenancy::v1::Overview ToProto(const Overview& overview);

}  // namespace penstock::interfaces
