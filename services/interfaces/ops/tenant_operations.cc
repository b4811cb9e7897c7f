#include "services/interfaces/ops/tenant_operations.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/json/proto_json.h"
#include "libs/paging/id_position.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

namespace wire = workflow::v1;
using auth::CallContext;
using postgres::Connection;
using Json = nlohmann::json;

constexpr size_t kMaxReasonBytes = 1000;

absl::Time FromWire(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

absl::StatusOr<Json> ReadJson(const google::protobuf::Value& value) {
  ASSIGN_OR_RETURN(const std::string text, json::FromProto(value));
  return Json::parse(text);
}

bool IsDone(wire::ExecutionState state) {
  return state == wire::EXECUTION_STATE_COMPLETED || state == wire::EXECUTION_STATE_FAILED || state == wire::EXECUTION_STATE_CANCELLED ||
         state == wire::EXECUTION_STATE_TIMED_OUT || state == wire::EXECUTION_STATE_TERMINATED;
}

absl::StatusOr<TenantOperation> FromWire(const wire::Execution& execution) {
  const std::optional<WorkflowId> workflow = WorkflowId::Parse(execution.workflow_id());
  const std::optional<ExecutionId> id = ExecutionId::Parse(execution.id());
  if (!id || !workflow || !IsPlatformWorkflow(*workflow)) return absl::NotFoundError("no such operation");
  const bool creates = *workflow == kCreateTenantWorkflow;
  TenantOperation operation{.id = *id,
                            .status = execution.progress().status(),
                            .progress = execution.progress().percent(),
                            .done = IsDone(execution.state()),
                            .error_type = execution.error().type(),
                            .error_message = execution.error().message(),
                            .created_at = FromWire(execution.start_time())};
  if (execution.ending() != wire::EXECUTION_STATE_UNSPECIFIED) operation.status = "rolling_back";
  if (execution.has_end_time()) operation.ended_at = FromWire(execution.end_time());
  operation.tenant = TenantId(id->uuid());
  if (!creates) {
    ASSIGN_OR_RETURN(const Json input, ReadJson(execution.input()));
    const std::string tenant = input.value("data", Json::object()).value("tenantId", "");
    operation.tenant = TenantId::Parse(tenant).value_or(TenantId());
  }
  for (const wire::NodeExecution& node : execution.node_executions()) {
    if (node.node_id() == "send_welcome_email" && node.state() == wire::NODE_STATE_COMPLETED) operation.welcome_email_sent = true;
  }
  return operation;
}

absl::StatusOr<TenantOperation> Start(const TenantOperationContext& context, const CallContext& caller, WorkflowId workflow, const Json& input,
                                      const std::string& key) {
  wire::StartExecutionRequest request;
  request.set_workflow_id(workflow.ToString());
  RETURN_IF_ERROR(json::ToProto(input.dump(), *request.mutable_input()));
  request.set_idempotency_key(key);
  ASSIGN_OR_RETURN(const wire::Execution started, context.engine.StartExecution(caller, request));
  const std::optional<ExecutionId> id = ExecutionId::Parse(started.id());
  if (!id) return absl::InternalError("the engine named no execution");
  return GetTenantOperation(context, caller, *id);
}

absl::Status CheckReason(const std::string& reason) {
  if (reason.size() <= kMaxReasonBytes) return absl::OkStatus();
  return InvalidField("reason", fmt::format("must be at most {} bytes", kMaxReasonBytes));
}

}  // namespace

absl::StatusOr<TenantOperation> CreateTenant(const TenantOperationContext& context, const CallContext& caller, const TenantRequest& request,
                                             const std::string& idempotency_key) {
  // A key of its own kind, so that it is no other start's.
  constexpr std::string_view kPrefix = "create-tenant/";
  constexpr size_t kMaxKey = 255 - kPrefix.size();
  absl::Status wrong = CheckTenantRequest(request);
  if (idempotency_key.empty() || idempotency_key.size() > kMaxKey) {
    std::vector<FieldViolation> violations = ViolationsOf(wrong);
    violations.push_back({"idempotency_key", fmt::format("must be 1 to {} bytes", kMaxKey)});
    wrong = BadRequest(violations);
  }
  RETURN_IF_ERROR(wrong);
  return Start(context, caller, kCreateTenantWorkflow, ToJson(request), std::string(kPrefix) + idempotency_key);
}

absl::StatusOr<TenantOperation> DeleteTenant(const TenantOperationContext& context, const CallContext& caller, const TenantRemoval& removal) {
  RETURN_IF_ERROR(CheckReason(removal.reason));
  if (removal.tenant == kPlatformTenant) return WithReason(absl::FailedPreconditionError("the platform's own tenant stays"), "PLATFORM_TENANT");
  ASSIGN_OR_RETURN(const Tenant tenant, (postgres::RunInTransactionReturning<Tenant>(
                                            context.admin_pool, {.tenant = removal.tenant},
                                            [&](Connection& connection) { return storage::LoadTenant(connection, removal.tenant); })));
  if (removal.confirmation != tenant.slug) return InvalidField("confirmation", "must be the tenant's slug");
  if (tenant.status == "pending" || tenant.status == "deleting") {
    return WithReason(absl::FailedPreconditionError(fmt::format("the tenant is {}", tenant.status)), "TENANT_STATE", {{"state", tenant.status}});
  }
  const absl::Time at = context.clock.Now() + std::max(removal.delay, context.doors_shut_after);
  return Start(context, caller, kDeleteTenantWorkflow,
               {{"tenantId", removal.tenant.ToString()},
                {"deleteAt", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", at, absl::UTCTimeZone())},
                {"reason", removal.reason}},
               "");
}

absl::StatusOr<TenantOperation> GetTenantOperation(const TenantOperationContext& context, const CallContext& caller, ExecutionId id) {
  ASSIGN_OR_RETURN(const wire::Execution execution, context.engine.GetExecution(caller, id));
  return FromWire(execution);
}

absl::StatusOr<TenantOperation> CancelTenantOperation(const TenantOperationContext& context, const CallContext& caller, ExecutionId id,
                                                      const std::string& reason) {
  RETURN_IF_ERROR(CheckReason(reason));
  // Executions of other workflows are not for this call.
  RETURN_IF_ERROR(GetTenantOperation(context, caller, id).status());
  RETURN_IF_ERROR(context.engine.CancelExecution(caller, id, reason));
  return GetTenantOperation(context, caller, id);
}

absl::StatusOr<paging::Page<Tenant>> ListTenants(const TenantOperationContext& context, const TenantQuery& query) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(query.page_size));
  const std::string list = fmt::format("tenants {} {}", query.filter.status, query.filter.slug);
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const std::optional<TenantId> before, paging::IdAt<TenantId>(position));
  return postgres::RunInTransactionReturning<paging::Page<Tenant>>(
      context.admin_pool, {}, [&](Connection& connection) -> absl::StatusOr<paging::Page<Tenant>> {
        paging::Page<Tenant> page;
        ASSIGN_OR_RETURN(const int64_t total, storage::CountTenants(connection, query.filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, storage::ListTenants(connection, query.filter, before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          page.next_page_token = paging::MakePageToken(paging::PositionOf(page.items.back().id), list);
        }
        return page;
      });
}

}  // namespace penstock::interfaces
