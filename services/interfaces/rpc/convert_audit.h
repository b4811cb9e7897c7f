// The audit log on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "penstock/tenancy/v1/audit.pb.h"
#include "services/interfaces/ops/audit.h"

namespace penstock::interfaces {

absl::StatusOr<AuditQuery> FromProto(const tenancy::v1::ListAuditEventsRequest& request);
// INTERNAL when what is stored can't be shown.
absl::StatusOr<tenancy::v1::ListAuditEventsResponse> ToProto(const paging::Page<AuditRow>& page);
tenancy::v1::VerifyAuditLogResponse ToProto(const AuditVerdict& verdict);

}  // namespace penstock::interfaces
