// The harmless request that shows whether a connector works.
#pragma once

#include "absl/status/statusor.h"
#include "libs/egress/http.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/ops/known_connectors.h"
#include "services/connector/outbound/target.h"

namespace penstock::connector {

// The connector's own, else its provider's, else GET of the base URL.
absl::StatusOr<connector::v1::Provider::TestRequest> TestRequestOf(const KnownConnector& known);
// INVALID_ARGUMENT naming test_request.path when that is none.
absl::StatusOr<ApiRequest> ApiRequestOf(const connector::v1::Provider::TestRequest& test);
// Whether this answer is a good one.
bool Passes(const connector::v1::Provider::TestRequest& test, const egress::HttpResponse& answer);

}  // namespace penstock::connector
