// Calls to third parties on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "libs/egress/http.h"
#include "penstock/connector/v1/connector.pb.h"
#include "services/connector/ops/connector_actions.h"

namespace penstock::connector {

absl::StatusOr<FetchRequest> FromProto(const v1::FetchDataRequest& request);
absl::StatusOr<ActionRequest> FromProto(const v1::PerformActionRequest& request);

v1::TestConnectorResponse ToProto(const TestOutcome& outcome);
// RESOURCE_EXHAUSTED when it is more than a message may have.
absl::StatusOr<v1::CallAnswer> ToProto(const egress::HttpResponse& response);
v1::PreparedRequest ToProto(const egress::HttpRequest& request);
absl::StatusOr<v1::ListActionsResponse> ActionsToProto(const openapi::ApiSpec& spec);
absl::StatusOr<v1::ListAuthTypesResponse> ToProto(const AuthStrategies& strategies);

}  // namespace penstock::connector
