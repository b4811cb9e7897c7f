#include "services/interfaces/rpc/convert_audit.h"

#include "libs/crypto/encoding.h"
#include "libs/json/proto_json.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;

absl::Status Fill(const AuditRow& row, v1::AuditEvent& proto) {
  proto.set_sequence(row.sequence);
  SetTime(row.occurred_at, *proto.mutable_occur_time());
  if (row.actor_user) proto.set_actor_user_id(row.actor_user->ToString());
  if (row.actor_api_key) proto.set_actor_api_key_id(row.actor_api_key->ToString());
  proto.set_actor_service(row.actor_service);
  proto.set_action(row.action);
  proto.set_resource_type(row.resource_type);
  proto.set_resource_id(row.resource_id);
  proto.set_request_id(row.request_id);
  proto.set_hash(crypto::HexEncode(row.hash));
  const absl::Status details = json::ToProto(row.details, *proto.mutable_details());
  return details.ok() ? details : absl::InternalError("a stored audit event can't be read");
}

}  // namespace

absl::StatusOr<AuditQuery> FromProto(const v1::ListAuditEventsRequest& request) {
  AuditQuery query{.page_size = request.page_size(), .page_token = request.page_token()};
  AuditFilter& filter = query.filter;
  filter.action = request.action();
  filter.resource_type = request.resource_type();
  filter.resource_id = request.resource_id();
  ASSIGN_OR_RETURN(filter.actor_user,
                   ParseOptionalId<UserId>(request.actor_user_id(), "actor_user_id"));
  if (request.has_start_time()) {
    ASSIGN_OR_RETURN(filter.start_time, TimeFrom(request.start_time(), "start_time"));
  }
  if (request.has_end_time()) {
    ASSIGN_OR_RETURN(filter.end_time, TimeFrom(request.end_time(), "end_time"));
  }
  return query;
}

absl::StatusOr<v1::ListAuditEventsResponse> ToProto(const paging::Page<AuditRow>& page) {
  v1::ListAuditEventsResponse proto;
  for (const AuditRow& row : page.items) RETURN_IF_ERROR(Fill(row, *proto.add_audit_events()));
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

v1::VerifyAuditLogResponse ToProto(const AuditVerdict& verdict) {
  v1::VerifyAuditLogResponse proto;
  proto.set_intact(verdict.problem.empty());
  proto.set_checked(verdict.checked);
  proto.set_broken_sequence(verdict.broken_sequence);
  proto.set_problem(verdict.problem);
  proto.set_last_sequence(verdict.end.sequence);
  proto.set_last_hash(crypto::HexEncode(verdict.end.hash));
  return proto;
}

}  // namespace penstock::interfaces
