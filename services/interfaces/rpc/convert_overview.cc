#include "services/interfaces/rpc/convert_overview.h"

#include "libs/request/fields.h"

namespace penstock::interfaces {

tenancy::v1::Overview ToProto(const Overview& overview) {
  tenancy::v1::Overview proto;
  proto.set_tenant_id(overview.tenant.ToString());
  SetTime(overview.as_of, *proto.mutable_as_of_time());
  proto.set_user_profiles(overview.user_profiles);
  proto.set_projects(overview.projects);
  proto.set_companies(overview.companies);
  proto.set_api_keys(overview.api_keys);
  tenancy::v1::WorkflowCounts& workflows = *proto.mutable_workflows();
  workflows.set_draft(overview.workflows.draft);
  workflows.set_active(overview.workflows.active);
  workflows.set_paused(overview.workflows.paused);
  workflows.set_archived(overview.workflows.archived);
  tenancy::v1::ExecutionCounts& executions = *proto.mutable_executions();
  executions.set_running(overview.executions.running);
  executions.set_paused(overview.executions.paused);
  executions.set_completed(overview.executions.completed);
  executions.set_failed(overview.executions.failed);
  executions.set_cancelled(overview.executions.cancelled);
  executions.set_timed_out(overview.executions.timed_out);
  executions.set_terminated(overview.executions.terminated);
  proto.set_webhooks_today(overview.webhooks_today);
  return proto;
}

}  // namespace penstock::interfaces
