#include "services/workflow_engine/storage/events_read.h"

#include <string_view>

#include "libs/status/macros.h"
#include "services/workflow_engine/storage/event_read_queries.h"
#include "services/workflow_engine/storage/id_range.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

void AddFilter(Params& params, const EventFilter& filter) {
  postgres::Array<std::string_view> types;
  for (const std::string& type : filter.types) types.Append(type);
  IdRange ids = RangeAround(filter.from, filter.before);
  params.Add(std::move(types)).Add(filter.from).Add(filter.before).Add(ids.from).Add(ids.before);
}

std::vector<EventRecord> Read(const Result& result) {
  std::vector<EventRecord> events;
  for (int row = 0; row < result.rows(); ++row) {
    events.push_back({.id = result.Get<Uuid>(row, 0),
                      .sequence = result.Get<int64_t>(row, 1),
                      .type = result.Get<std::string>(row, 2),
                      .at = result.Get<absl::Time>(row, 3),
                      .workflow = result.Get<std::optional<WorkflowId>>(row, 4),
                      .execution = result.Get<std::optional<ExecutionId>>(row, 5),
                      .payload = result.Get<std::string>(row, 6)});
  }
  return events;
}

}  // namespace

absl::StatusOr<int64_t> LastEvent(Connection& connection, TenantId tenant) {
  ASSIGN_OR_RETURN(Result result, connection.Execute(queries::kLastEvent, Params().Add(tenant)));
  return result.Get<int64_t>(0, 0);
}

absl::StatusOr<std::vector<EventRecord>> ReadEvents(Connection& connection, TenantId tenant,
                                                    const EventFilter& filter, int64_t after,
                                                    int64_t up_to, int limit) {
  Params params;
  params.Add(tenant).Add(after);
  AddFilter(params, filter);
  params.Add(static_cast<int64_t>(limit)).Add(up_to);
  if (filter.workflow) params.Add(*filter.workflow);
  const auto& query = filter.workflow ? queries::kReadEventsOfWorkflow : queries::kReadEvents;
  ASSIGN_OR_RETURN(Result result, connection.Execute(query, params));
  return Read(result);
}

absl::StatusOr<std::vector<EventRecord>> ListEvents(Connection& connection, TenantId tenant,
                                                    const EventFilter& filter, int64_t before,
                                                    int limit) {
  Params params;
  params.Add(tenant).Add(before);
  AddFilter(params, filter);
  params.Add(static_cast<int64_t>(limit));
  if (filter.workflow) params.Add(*filter.workflow);
  const auto& query = filter.workflow ? queries::kListEventsOfWorkflow : queries::kListEvents;
  ASSIGN_OR_RETURN(Result result, connection.Execute(query, params));
  return Read(result);
}

absl::StatusOr<int> CountEvents(Connection& connection, TenantId tenant, const EventFilter& filter,
                                int limit) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  params.Add(static_cast<int64_t>(limit));
  if (filter.workflow) params.Add(*filter.workflow);
  const auto& query = filter.workflow ? queries::kCountEventsOfWorkflow : queries::kCountEvents;
  ASSIGN_OR_RETURN(Result result, connection.Execute(query, params));
  return static_cast<int>(result.Get<int64_t>(0, 0));
}

}  // namespace penstock::workflow_engine
