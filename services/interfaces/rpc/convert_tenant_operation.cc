#include "services/interfaces/rpc/convert_tenant_operation.h"

#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_tenant.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;

constexpr absl::Duration kDay = absl::Hours(24);

absl::StatusOr<absl::Duration> DelayFrom(v1::DeletionDelay delay) {
  switch (delay) {
    case v1::DELETION_DELAY_IMMEDIATE:
      return absl::ZeroDuration();
    case v1::DELETION_DELAY_30_DAYS:
      return 30 * kDay;
    case v1::DELETION_DELAY_90_DAYS:
      return 90 * kDay;
    default:
      return InvalidField("delay", "must be immediate, 30 days or 90 days");
  }
}

}  // namespace

absl::StatusOr<TenantRequest> FromProto(const v1::CreateTenantRequest& request) {
  TenantRequest tenant{.name = request.tenant_name(),
                       .slug = request.slug(),
                       .first_name = request.admin_user().first_name(),
                       .last_name = request.admin_user().last_name(),
                       .email = request.admin_user().email(),
                       .company = request.company_name(),
                       .checkout_session_id = request.checkout_session_id()};
  if (tenant.slug.empty()) tenant.slug = SlugFrom(tenant.name);
  if (request.billing_plan() != v1::PLAN_UNSPECIFIED) {
    tenant.plan = PlanName(request.billing_plan());
    if (tenant.plan.empty()) return InvalidField("billing_plan", "is not a plan");
  }
  return tenant;
}

absl::StatusOr<TenantRemoval> FromProto(const v1::DeleteTenantRequest& request) {
  TenantRemoval removal{.confirmation = request.confirmation(), .reason = request.reason()};
  ASSIGN_OR_RETURN(removal.tenant, ParseId<TenantId>(request.tenant_id(), "tenant_id"));
  ASSIGN_OR_RETURN(removal.delay, DelayFrom(request.delay()));
  return removal;
}

absl::StatusOr<TenantQuery> FromProto(const v1::ListTenantsRequest& request) {
  TenantQuery query{.filter = {.slug = request.slug()},
                    .page_size = request.page_size(),
                    .page_token = request.page_token()};
  if (request.status() != v1::TENANT_STATUS_UNSPECIFIED) {
    query.filter.status = TenantStatusName(request.status());
    if (query.filter.status.empty()) return InvalidField("status", "is not a status");
  }
  return query;
}

v1::TenantOperation ToProto(const TenantOperation& operation) {
  v1::TenantOperation proto;
  proto.set_id(operation.id.ToString());
  proto.set_tenant_id(operation.tenant.ToString());
  proto.set_status(operation.status);
  proto.set_progress(operation.progress);
  proto.set_done(operation.done);
  proto.set_error_type(operation.error_type);
  proto.set_error_message(operation.error_message);
  proto.set_welcome_email_sent(operation.welcome_email_sent);
  SetTime(operation.created_at, *proto.mutable_create_time());
  if (operation.ended_at) SetTime(*operation.ended_at, *proto.mutable_end_time());
  return proto;
}

absl::StatusOr<v1::ListTenantsResponse> ToProto(const paging::Page<Tenant>& page) {
  v1::ListTenantsResponse proto;
  for (const Tenant& tenant : page.items) {
    ASSIGN_OR_RETURN(*proto.add_tenants(), ToProto(tenant));
    proto.mutable_tenants()->rbegin()->clear_settings();
    proto.mutable_tenants()->rbegin()->clear_email_settings();
  }
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::interfaces
