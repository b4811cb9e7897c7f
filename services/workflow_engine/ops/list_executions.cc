#include "services/workflow_engine/ops/list_executions.h"

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/id_position.h"
#include "services/workflow_engine/ops/project_scope.h"
#include "services/workflow_engine/ops/scope.h"
#include "services/workflow_engine/storage/executions_read.h"

namespace penstock::workflow_engine {
namespace {

std::string Describe(const ExecutionFilter& filter) {
  return fmt::format(
      "executions {} {} {} {} {}", filter.state ? ExecutionStateName(*filter.state) : "*",
      filter.workflow ? filter.workflow->ToString() : "*",
      absl::FormatTime(absl::RFC3339_full, filter.started_from, absl::UTCTimeZone()),
      absl::FormatTime(absl::RFC3339_full, filter.started_before, absl::UTCTimeZone()),
      filter.error_text);
}

}  // namespace

absl::StatusOr<ExecutionPage> ListExecutions(postgres::Pool& pool, const auth::CallContext& caller,
                                             const ExecutionQuery& query) {
  const ExecutionFilter& filter = query.filter;
  if (caller.project && !filter.workflow) {
    return InvalidField("workflow_id",
                        "is needed with an API key that is limited to a project");
  }
  if (filter.workflow) RETURN_IF_ERROR(CheckWorkflowInScope(pool, caller, *filter.workflow));
  const std::string list = Describe(filter);
  ASSIGN_OR_RETURN(int size, paging::PageSize(query.page_size));
  ASSIGN_OR_RETURN(std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(std::optional<ExecutionId> before, IdAt<ExecutionId>(position));

  ExecutionPage page;
  RETURN_IF_ERROR(postgres::RunInTransaction(
      pool, ScopeOf(caller), [&](postgres::Connection& connection) -> absl::Status {
        // One more than shown tells whether there is a next page.
        ASSIGN_OR_RETURN(page.items,
                         ListExecutions(connection, caller.tenant, filter, before, size + 1));
        ASSIGN_OR_RETURN(page.total_size, CountExecutions(connection, caller.tenant, filter,
                                                          paging::kMaxCounted + 1));
        return absl::OkStatus();
      }));
  if (page.items.size() > static_cast<size_t>(size)) {
    page.items.resize(size);
    page.next_page_token = paging::MakePageToken(PositionOf(page.items.back().id), list);
  }
  return page;
}

}  // namespace penstock::workflow_engine
