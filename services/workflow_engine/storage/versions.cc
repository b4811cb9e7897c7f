#include "services/workflow_engine/storage/versions.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/domain/definition_json.h"
#include "services/workflow_engine/storage/version_queries.h"

namespace penstock::workflow_engine::storage {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

absl::StatusOr<WorkflowVersion> LoadVersionText(Connection& connection, TenantId tenant,
                                                WorkflowId workflow, int version) {
  ASSIGN_OR_RETURN(Result row, connection.Execute(queries::kLoadVersion,
                                                  Params().Add(tenant).Add(workflow).Add(version)));
  if (row.rows() == 0) {
    return absl::NotFoundError(
        fmt::format("workflow {} has no version {}", workflow.ToString(), version));
  }
  return WorkflowVersion{.workflow = workflow,
                         .version = version,
                         .definition = {.nodes = row.Get<std::string>(0, 0),
                                        .edges = row.Get<std::string>(0, 1),
                                        .variables = row.Get<std::string>(0, 2),
                                        .settings = row.Get<std::string>(0, 3)},
                         .published = row.Get<absl::Time>(0, 4)};
}

absl::StatusOr<Definition> LoadVersion(Connection& connection, TenantId tenant, WorkflowId workflow,
                                       int version) {
  ASSIGN_OR_RETURN(WorkflowVersion row, LoadVersionText(connection, tenant, workflow, version));
  std::vector<Problem> problems;
  Definition definition = ParseDefinition(row.definition, problems);
  if (problems.empty()) return definition;
  // Publishing has checked it: somebody has written to the table by another way.
  return absl::DataLossError(fmt::format("version {} of workflow {} is not a definition: {} {}",
                                         version, workflow.ToString(), problems.front().field,
                                         problems.front().description));
}

absl::StatusOr<std::vector<WorkflowVersion>> ListVersions(Connection& connection, TenantId tenant,
                                                          WorkflowId workflow,
                                                          std::optional<int> before, int limit) {
  ASSIGN_OR_RETURN(
      Result rows,
      connection.Execute(queries::kListVersions,
                         Params().Add(tenant).Add(workflow).Add(before).Add(int64_t{limit})));
  std::vector<WorkflowVersion> versions;
  versions.reserve(rows.rows());
  for (int r = 0; r < rows.rows(); ++r) {
    versions.push_back({.workflow = workflow,
                        .version = rows.Get<int32_t>(r, 0),
                        .definition = {},
                        .published = rows.Get<absl::Time>(r, 1)});
  }
  return versions;
}

absl::Status InsertVersion(Connection& connection, TenantId tenant, WorkflowId workflow,
                           int version) {
  return connection
      .Execute(queries::kInsertVersion, Params().Add(tenant).Add(workflow).Add(version))
      .status();
}

}  // namespace penstock::workflow_engine::storage
