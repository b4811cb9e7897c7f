// The record of uses on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "penstock/connector/v1/credential_audit.pb.h"
#include "services/connector/credentials/credential_audit.h"

namespace penstock::connector {

// INVALID_ARGUMENT names the field.
absl::StatusOr<UseQuery> FromProto(const v1::ListCredentialUsesRequest& request);
v1::ListCredentialUsesResponse ToProto(const paging::Page<RecordedUse>& page);
v1::VerifyCredentialAuditResponse ToProto(const audit_chain::Verdict& verdict);

}  // namespace penstock::connector
