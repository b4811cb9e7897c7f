// Connectors on the wire.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "penstock/connector/v1/connector.pb.h"
#include "services/connector/ops/connectors.h"

namespace penstock::connector {

absl::StatusOr<NewConnector> FromProto(const auth::CallContext& caller,
                                       const v1::CreateConnectorRequest& request);
absl::StatusOr<ConnectorChange> FromProto(const auth::CallContext& caller,
                                          const v1::UpdateConnectorRequest& request);
absl::StatusOr<ConnectorQuery> FromProto(const v1::ListConnectorsRequest& request);
// INVALID_ARGUMENT unless it is one.
absl::StatusOr<ConnectorType> TypeFrom(int type, std::string_view field);
// Copies of the values, which protobuf keeps.
SecretValues SecretsFrom(const google::protobuf::Map<std::string, std::string>& secrets);

absl::StatusOr<v1::Connector> ToProto(const ConnectorView& view);
absl::StatusOr<v1::ListConnectorsResponse> ToProto(const paging::Page<ConnectorView>& page);
v1::GetConnectorsByTypeResponse ToProto(const std::vector<Connector>& connectors);
v1::CallError ToProto(const CallError& error);

}  // namespace penstock::connector
