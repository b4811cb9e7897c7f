#include "services/connector/rpc/convert_credential_use.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "libs/crypto/encoding.h"
#include "libs/request/fields.h"
#include "libs/request/text.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

v1::CredentialUseResult ResultOf(const RecordedUse& use) {
  if (use.record.event == "refused") return v1::CREDENTIAL_USE_RESULT_REFUSED;
  const std::string outcome = use.outcome.value_or("");
  if (outcome == "succeeded") return v1::CREDENTIAL_USE_RESULT_SUCCEEDED;
  if (outcome == "rejected") return v1::CREDENTIAL_USE_RESULT_REJECTED;
  if (outcome == "failed") return v1::CREDENTIAL_USE_RESULT_FAILED;
  if (outcome == "blocked") return v1::CREDENTIAL_USE_RESULT_BLOCKED;
  return v1::CREDENTIAL_USE_RESULT_UNKNOWN;
}

void Fill(const RecordedUse& use, v1::CredentialUse& proto) {
  const UseRecord& record = use.record;
  proto.set_sequence(record.sequence);
  proto.set_use_id(record.use_id.ToString());
  SetTime(record.occurred_at, *proto.mutable_occur_time());
  proto.set_owner_kind(record.owner_kind);
  proto.set_owner_id(record.owner_id.ToString());
  for (absl::string_view field : absl::StrSplit(record.fields, ',', absl::SkipEmpty())) {
    proto.add_fields(std::string(field));
  }
  proto.set_purpose(record.purpose);
  proto.set_target_host(record.target_host);
  proto.set_execution_id(record.execution_id);
  if (record.user) proto.set_actor_user_id(record.user->ToString());
  if (record.api_key) proto.set_actor_api_key_id(record.api_key->ToString());
  proto.set_actor_service(record.service);
  proto.set_request_id(record.request_id);
  proto.set_result(ResultOf(use));
  if (record.event == "refused") proto.set_refusal_reason(record.result);
  proto.set_http_status(use.http_status);
  if (use.ended_at) SetTime(*use.ended_at, *proto.mutable_end_time());
  proto.set_hash(crypto::HexEncode(record.hash));
}

}  // namespace

absl::StatusOr<UseQuery> FromProto(const v1::ListCredentialUsesRequest& request) {
  UseQuery query{.page_size = request.page_size(), .page_token = request.page_token()};
  std::vector<FieldViolation> wrong;
  CheckText(request.purpose(), "purpose", {.min = 0, .max = 50}, wrong);
  CheckText(request.execution_id(), "execution_id", {.min = 0, .max = 255}, wrong);
  if (!wrong.empty()) return BadRequest(wrong);
  query.filter.purpose = request.purpose();
  query.filter.execution_id = request.execution_id();
  ASSIGN_OR_RETURN(query.filter.owner, ParseOptionalId<Uuid>(request.owner_id(), "owner_id"));
  if (request.has_start_time()) {
    ASSIGN_OR_RETURN(query.filter.start_time, TimeFrom(request.start_time(), "start_time"));
  }
  if (request.has_end_time()) {
    ASSIGN_OR_RETURN(query.filter.end_time, TimeFrom(request.end_time(), "end_time"));
  }
  return query;
}

v1::ListCredentialUsesResponse ToProto(const paging::Page<RecordedUse>& page) {
  v1::ListCredentialUsesResponse proto;
  for (const RecordedUse& use : page.items) Fill(use, *proto.add_credential_uses());
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

v1::VerifyCredentialAuditResponse ToProto(const audit_chain::Verdict& verdict) {
  v1::VerifyCredentialAuditResponse proto;
  proto.set_intact(verdict.problem.empty());
  proto.set_checked(verdict.checked);
  proto.set_broken_sequence(verdict.broken_sequence);
  proto.set_problem(verdict.problem);
  proto.set_last_sequence(verdict.end.sequence);
  proto.set_last_hash(crypto::HexEncode(verdict.end.hash));
  return proto;
}

}  // namespace penstock::connector
