#include "services/workflow_engine/ops/read_workflows.h"

#include <charconv>
#include <optional>
#include <utility>

#include "libs/paging/paging.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/domain/definition.h"
#include "services/workflow_engine/ops/id_position.h"
#include "services/workflow_engine/storage/versions.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Connection;
using postgres::RunInTransactionReturning;

std::string FilterText(const storage::WorkflowFilter& filter) {
  return Json({filter.status ? StatusName(*filter.status) : "",
               filter.project ? filter.project->ToString() : "", filter.tag.value_or(""),
               filter.text.value_or("")})
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<std::optional<int>> VersionAt(const std::string& position) {
  if (position.empty()) return std::nullopt;
  int version = 0;
  const auto [end, error] =
      std::from_chars(position.data(), position.data() + position.size(), version);
  if (error != std::errc() || end != position.data() + position.size())
    return InvalidField("page_token", "is not one of ours");
  return version;
}

}  // namespace

absl::StatusOr<Workflow> GetWorkflow(const WorkflowContext& context,
                                     const auth::CallContext& caller, WorkflowId id) {
  return RunInTransactionReturning<Workflow>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return FindWorkflow(connection, caller, id, Lock::kNone); });
}

absl::StatusOr<WorkflowPage> ListWorkflows(const WorkflowContext& context,
                                           const auth::CallContext& caller, WorkflowQuery query) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(query.page_size));
  storage::WorkflowFilter& filter = query.filter;
  if (caller.project && filter.project.value_or(*caller.project) != *caller.project) {
    return WorkflowPage{};  // nothing of another project is there for this key
  }
  if (caller.project) filter.project = caller.project;
  const std::string filter_text = FilterText(filter);
  ASSIGN_OR_RETURN(const std::string position,
                   paging::ReadPageToken(query.page_token, filter_text));
  ASSIGN_OR_RETURN(const std::optional<WorkflowId> before, IdAt<WorkflowId>(position));
  return RunInTransactionReturning<WorkflowPage>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<WorkflowPage> {
        WorkflowPage page;
        ASSIGN_OR_RETURN(const int64_t counted,
                         storage::CountWorkflows(connection, caller.tenant, filter));
        page.total_size = static_cast<int>(counted);
        // One more than asked for tells whether there is a next page.
        ASSIGN_OR_RETURN(page.items, storage::ListWorkflows(connection, caller.tenant, filter,
                                                            before, page_size + 1));
        if (page.items.size() > static_cast<size_t>(page_size)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(PositionOf(page.items.back().id), filter_text);
        }
        return page;
      });
}

absl::StatusOr<WorkflowVersion> GetWorkflowVersion(const WorkflowContext& context,
                                                   const auth::CallContext& caller, WorkflowId id,
                                                   int version) {
  return RunInTransactionReturning<WorkflowVersion>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<WorkflowVersion> {
        RETURN_IF_ERROR(FindWorkflow(connection, caller, id, Lock::kNone).status());
        return storage::LoadVersionText(connection, caller.tenant, id, version);
      });
}

absl::StatusOr<VersionPage> ListWorkflowVersions(const WorkflowContext& context,
                                                 const auth::CallContext& caller, WorkflowId id,
                                                 int page_size, const std::string& page_token) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(page_size));
  const std::string filter_text = "versions of " + id.ToString();
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(page_token, filter_text));
  ASSIGN_OR_RETURN(const std::optional<int> before, VersionAt(position));
  return RunInTransactionReturning<VersionPage>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<VersionPage> {
        ASSIGN_OR_RETURN(Workflow workflow, FindWorkflow(connection, caller, id, Lock::kNone));
        VersionPage page;
        page.total_size = workflow.version;  // versions have no gaps and are never deleted
        ASSIGN_OR_RETURN(page.items,
                         storage::ListVersions(connection, caller.tenant, id, before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(std::to_string(page.items.back().version), filter_text);
        }
        return page;
      });
}

}  // namespace penstock::workflow_engine
