#include "services/workflow_engine/storage/triggers.h"

#include <string>
#include <string_view>
#include <utility>

#include "libs/status/macros.h"
#include "services/workflow_engine/storage/route_queries.h"
#include "services/workflow_engine/storage/trigger_queries.h"

namespace penstock::workflow_engine::storage {

absl::StatusOr<std::vector<Route>> LoadRoutes(postgres::Connection& connection, TenantId tenant) {
  ASSIGN_OR_RETURN(postgres::Result rows,
                   connection.Execute(queries::kListTriggers, postgres::Params().Add(tenant)));
  std::vector<Route> routes;
  routes.reserve(rows.rows());
  for (int r = 0; r < rows.rows(); ++r) {
    routes.push_back({
        .workflow_id = rows.Get<WorkflowId>(r, 0),
        .version = rows.Get<int32_t>(r, 1),
        .node_id = rows.Get<std::string>(r, 2),
        .trigger_type = rows.Get<std::string>(r, 3),
        .action_type = rows.Get<std::string>(r, 4),
        // PostgreSQL wrote it, so it is JSON.
        .config =
            Json::parse(rows.Get<std::string_view>(r, 5), nullptr, /*allow_exceptions=*/false),
    });
  }
  return routes;
}

namespace {

// What the scheduler's schema is told (services/migrate/migrations, schedule.declare_triggers): the config of each schedule trigger, with its node.
std::string DeclaredSchedules(const std::vector<Route>& routes) {
  Json declared = Json::array();
  for (const Route& route : routes) {
    if (route.trigger_type != "schedule" || !route.config.contains("schedule")) continue;
    Json& schedule = declared.emplace_back(route.config["schedule"]);
    schedule["node_id"] = route.node_id;
  }
  return declared.dump();
}

}  // namespace

absl::Status ReplaceRoutes(postgres::Connection& connection, TenantId tenant, WorkflowId workflow,
                           const std::vector<Route>& routes) {
  postgres::Pipeline pipeline;
  pipeline.Add(queries::kDeleteTriggers, std::move(postgres::Params().Add(tenant).Add(workflow)));
  if (!routes.empty()) {
    postgres::Array<std::string_view> node_ids, trigger_types, action_types;
    postgres::Array<postgres::Jsonb> configs;
    for (const Route& route : routes) {
      node_ids.Append(route.node_id);
      trigger_types.Append(route.trigger_type);
      action_types.Append(route.action_type);
      const std::string config = route.config.dump();
      configs.Append(postgres::Jsonb{config});
    }
    pipeline.Add(queries::kInsertTriggers, std::move(postgres::Params()
                                                         .Add(tenant)
                                                         .Add(workflow)
                                                         .Add(int32_t{routes.front().version})
                                                         .Add(std::move(node_ids))
                                                         .Add(std::move(trigger_types))
                                                         .Add(std::move(action_types))
                                                         .Add(std::move(configs))));
  }
  const std::string declared = DeclaredSchedules(routes);
  pipeline.Add(queries::kDeclareSchedules, std::move(postgres::Params()
                                                         .Add(tenant)
                                                         .Add(workflow)
                                                         .Add(!routes.empty())
                                                         .Add(postgres::Jsonb{declared})));
  pipeline.Add(queries::kRaiseRouteGeneration, std::move(postgres::Params().Add(tenant)));
  return pipeline.Run(connection).status();
}

}  // namespace penstock::workflow_engine::storage
