// Project connectors on the wire.
#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "penstock/connector/v1/project_connector.pb.h"
#include "services/connector/ops/project_connectors.h"

namespace penstock::connector {

// INVALID_ARGUMENT names the field.
absl::StatusOr<ProjectConnector> FromProto(const auth::CallContext& caller,
                                           const v1::CreateProjectConnectorRequest& request);
absl::StatusOr<ProjectConnectorQuery> FromProto(const v1::ListProjectConnectorsRequest& request);
absl::StatusOr<ProjectConnectorChange> FromProto(const auth::CallContext& caller,
                                                 const v1::UpdateProjectConnectorRequest& request);

absl::StatusOr<v1::ProjectConnector> ToProto(const ProjectConnector& link);

// Into any of the answers that are a page of them.
template <typename Response>
absl::StatusOr<Response> PageToProto(const paging::Page<ProjectConnector>& page) {
  Response response;
  for (const ProjectConnector& link : page.items) {
    absl::StatusOr<v1::ProjectConnector> proto = ToProto(link);
    if (!proto.ok()) return proto.status();
    *response.add_project_connectors() = *std::move(proto);
  }
  response.set_next_page_token(page.next_page_token);
  response.set_total_size(page.total_size);
  return response;
}

}  // namespace penstock::connector
