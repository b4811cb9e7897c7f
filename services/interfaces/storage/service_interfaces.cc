#include "services/interfaces/storage/service_interfaces.h"

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {
namespace {

using postgres::Connection;
using postgres::Jsonb;
using postgres::Params;
using postgres::Result;

ServiceInterface ReadRow(const Result& rows, int r) {
  return {.id = rows.Get<InterfaceId>(r, 0),
          .tenant = rows.Get<TenantId>(r, 1),
          .service = rows.Get<WorkflowId>(r, 2),
          .name = rows.Get<std::string>(r, 3),
          .display_name = rows.Get<std::string>(r, 4),
          .description = rows.Get<std::string>(r, 5),
          // The CHECK constraint lets no other in.
          .type = ParseInterfaceType(rows.Get<std::string_view>(r, 6)).value(),
          .callable_name = rows.Get<std::string>(r, 7),
          .payload_schema = rows.Get<std::string>(r, 8),
          .return_schema = rows.Get<std::optional<std::string>>(r, 9),
          .is_public = rows.Get<bool>(r, 10),
          .created_at = rows.Get<absl::Time>(r, 11),
          .updated_at = rows.Get<absl::Time>(r, 12)};
}

absl::StatusOr<ServiceInterface> OneRow(const absl::StatusOr<Result>& rows, InterfaceId id) {
  RETURN_IF_ERROR(rows.status());
  if (rows->rows() == 0) {
    return absl::NotFoundError(fmt::format("no service interface {}", id.ToString()));
  }
  return ReadRow(*rows, 0);
}

absl::StatusOr<std::vector<ServiceInterface>> AllRows(const absl::StatusOr<Result>& rows) {
  RETURN_IF_ERROR(rows.status());
  std::vector<ServiceInterface> interfaces;
  for (int r = 0; r < rows->rows(); ++r) interfaces.push_back(ReadRow(*rows, r));
  return interfaces;
}

std::optional<Jsonb> JsonOf(const std::optional<std::string>& json) {
  if (!json) return std::nullopt;
  return Jsonb{*json};
}

Params FilterParams(TenantId tenant, const InterfaceFilter& filter) {
  std::optional<std::string_view> type;
  if (filter.type) type = InterfaceTypeName(*filter.type);
  Params params;
  params.Add(tenant).Add(filter.project).Add(filter.service).Add(type);
  return params;
}

}  // namespace

absl::StatusOr<std::optional<ProjectId>> ProjectOfService(Connection& connection, TenantId tenant,
                                                          WorkflowId service) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kFindProjectOfService, Params().Add(tenant).Add(service)));
  return row.Get<std::optional<ProjectId>>(0, 0);
}

absl::StatusOr<ServiceInterface> InsertServiceInterface(Connection& connection,
                                                        const ServiceInterface& interface) {
  return OneRow(
      connection.Execute(kInsertServiceInterface, Params()
                                                      .Add(interface.tenant)
                                                      .Add(interface.id)
                                                      .Add(interface.service)
                                                      .Add(interface.name)
                                                      .Add(interface.display_name)
                                                      .Add(interface.description)
                                                      .Add(InterfaceTypeName(interface.type))
                                                      .Add(interface.callable_name)
                                                      .Add(Jsonb{interface.payload_schema})
                                                      .Add(JsonOf(interface.return_schema))
                                                      .Add(interface.is_public)),
      interface.id);
}

absl::StatusOr<ServiceInterface> LoadServiceInterface(Connection& connection, TenantId tenant,
                                                      InterfaceId id, std::optional<ProjectId> only,
                                                      Lock lock) {
  return OneRow(
      connection.Execute(lock == Lock::kNone ? kLoadServiceInterface : kLockServiceInterface,
                         Params().Add(tenant).Add(id).Add(only)),
      id);
}

absl::StatusOr<std::vector<ServiceInterface>> ListServiceInterfaces(
    Connection& connection, TenantId tenant, const InterfaceFilter& filter,
    std::optional<InterfaceId> before, int limit) {
  Params params = FilterParams(tenant, filter);
  params.Add(before).Add(int64_t{limit});
  return AllRows(connection.Execute(kListServiceInterfaces, params));
}

absl::StatusOr<int64_t> CountServiceInterfaces(Connection& connection, TenantId tenant,
                                               const InterfaceFilter& filter) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kCountServiceInterfaces, FilterParams(tenant, filter)));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<std::vector<ServiceInterface>> ListInterfacesOfService(Connection& connection,
                                                                      TenantId tenant,
                                                                      WorkflowId service) {
  return AllRows(connection.Execute(kListInterfacesOfService, Params().Add(tenant).Add(service)));
}

absl::StatusOr<ServiceInterface> UpdateServiceInterface(Connection& connection,
                                                        const ServiceInterface& interface) {
  return OneRow(
      connection.Execute(kUpdateServiceInterface, Params()
                                                      .Add(interface.tenant)
                                                      .Add(interface.id)
                                                      .Add(interface.display_name)
                                                      .Add(interface.description)
                                                      .Add(Jsonb{interface.payload_schema})
                                                      .Add(JsonOf(interface.return_schema))
                                                      .Add(interface.is_public)),
      interface.id);
}

absl::Status DeleteServiceInterface(Connection& connection, TenantId tenant, InterfaceId id) {
  return connection.Execute(kDeleteServiceInterface, Params().Add(tenant).Add(id)).status();
}

}  // namespace penstock::interfaces::storage
