#include "services/interfaces/ops/service_interfaces.h"

#include <utility>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/paging/id_position.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/ops/interface_check.h"
#include "services/interfaces/storage/audit.h"

namespace penstock::interfaces {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;

absl::Status NoService(WorkflowId service) {
  return absl::NotFoundError(fmt::format("no service {}", service.ToString()));
}

absl::Status Explain(const absl::Status& status, const ServiceInterface& interface) {
  const std::string constraint = postgres::ConstraintOf(status);
  if (constraint == "service_interfaces_service_exists") return NoService(interface.service);
  if (constraint != "service_interfaces_name_unique") return status;
  return WithReason(absl::AlreadyExistsError(
                        fmt::format("the service has an interface \"{}\" already", interface.name)),
                    "INTERFACE_NAME_TAKEN");
}

absl::Status Audit(Connection& connection, const CallContext& caller, std::string_view action,
                   const ServiceInterface& interface) {
  return storage::AppendAudit(connection, caller,
                              {.action = action,
                               .resource_type = "service_interface",
                               .resource_id = interface.id.ToString(),
                               .details = R"({"name":)" + json::Quoted(interface.name) + "}"});
}

// NOT_FOUND for a service that is none of the caller's.
absl::Status FindService(Connection& connection, const CallContext& caller, WorkflowId service) {
  ASSIGN_OR_RETURN(const std::optional<ProjectId> project,
                   storage::ProjectOfService(connection, caller.tenant, service));
  if (!project || (caller.project && caller.project != project)) return NoService(service);
  return absl::OkStatus();
}

absl::StatusOr<ServiceInterface> Insert(Connection& connection, const CallContext& caller,
                                        const ServiceInterface& interface) {
  RETURN_IF_ERROR(FindService(connection, caller, interface.service));
  ASSIGN_OR_RETURN(
      const int64_t there,
      storage::CountServiceInterfaces(connection, caller.tenant, {.service = interface.service}));
  if (there >= kMaxInterfacesOfService) {
    return WithReason(absl::FailedPreconditionError(fmt::format(
                          "a service has {} interfaces at most", kMaxInterfacesOfService)),
                      "TOO_MANY_INTERFACES");
  }
  ASSIGN_OR_RETURN(ServiceInterface created,
                   storage::InsertServiceInterface(connection, interface));
  RETURN_IF_ERROR(Audit(connection, caller, "service_interface.created", created));
  return created;
}

absl::Status CheckSame(const InterfaceChange& change, const ServiceInterface& interface) {
  std::vector<FieldViolation> wrong;
  const auto check = [&](bool is_same, const char* field) {
    if (!is_same) wrong.push_back({fmt::format("service_interface.{}", field), "never changes"});
  };
  check(!change.service || change.service == interface.service, "service_id");
  check(!change.name || change.name == interface.name, "name");
  check(!change.type || change.type == interface.type, "type");
  check(!change.callable_name || change.callable_name == interface.callable_name, "callable_name");
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

void Apply(const InterfaceChange& change, ServiceInterface& interface) {
  const ServiceInterface& to = change.interface;
  const auto changes = [&](std::string_view field) { return change.fields.contains(field); };
  if (changes("display_name")) interface.display_name = to.display_name;
  if (changes("description")) interface.description = to.description;
  if (changes("payload_schema")) interface.payload_schema = to.payload_schema;
  if (changes("return_schema")) interface.return_schema = to.return_schema;
  if (changes("is_public")) interface.is_public = to.is_public;
  if (interface.display_name.empty()) interface.display_name = interface.name;
}

std::string Describe(const storage::InterfaceFilter& filter) {
  return fmt::format("service interfaces {} {} {}",
                     filter.project ? filter.project->ToString() : "*",
                     filter.service ? filter.service->ToString() : "*",
                     filter.type ? InterfaceTypeName(*filter.type) : "*");
}

}  // namespace

absl::StatusOr<ServiceInterface> CreateServiceInterface(const InterfaceContext& context,
                                                        const CallContext& caller,
                                                        ServiceInterface interface) {
  interface.id = InterfaceId::Make(context.clock.Now());
  interface.tenant = caller.tenant;
  if (interface.display_name.empty()) interface.display_name = interface.name;
  RETURN_IF_ERROR(CheckInterface(interface));
  absl::StatusOr<ServiceInterface> created = RunInTransactionReturning<ServiceInterface>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return Insert(connection, caller, interface); });
  if (!created.ok()) return Explain(created.status(), interface);
  return created;
}

absl::StatusOr<ServiceInterface> GetServiceInterface(const InterfaceContext& context,
                                                     const CallContext& caller, InterfaceId id) {
  return RunInTransactionReturning<ServiceInterface>(
      context.pool, ScopeOf(caller), [&](Connection& connection) {
        return storage::LoadServiceInterface(connection, caller.tenant, id, caller.project,
                                             Lock::kNone);
      });
}

absl::StatusOr<paging::Page<ServiceInterface>> ListServiceInterfaces(
    const InterfaceContext& context, const CallContext& caller, const InterfaceQuery& query) {
  storage::InterfaceFilter filter = query.filter;
  filter.project = caller.project;
  const std::string list = Describe(filter);
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(query.page_size));
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const auto before, paging::IdAt<InterfaceId>(position));
  using Page = paging::Page<ServiceInterface>;
  return RunInTransactionReturning<Page>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Page> {
        Page page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountServiceInterfaces(connection, caller.tenant, filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, storage::ListServiceInterfaces(connection, caller.tenant,
                                                                    filter, before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(paging::PositionOf(page.items.back().id), list);
        }
        return page;
      });
}

absl::StatusOr<std::vector<ServiceInterface>> GetInterfacesOfService(
    const InterfaceContext& context, const CallContext& caller, WorkflowId service) {
  using All = std::vector<ServiceInterface>;
  return RunInTransactionReturning<All>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<All> {
        RETURN_IF_ERROR(FindService(connection, caller, service));
        return storage::ListInterfacesOfService(connection, caller.tenant, service);
      });
}

absl::StatusOr<ServiceInterface> UpdateServiceInterface(const InterfaceContext& context,
                                                        const CallContext& caller,
                                                        const InterfaceChange& change) {
  return RunInTransactionReturning<ServiceInterface>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<ServiceInterface> {
        ASSIGN_OR_RETURN(
            ServiceInterface interface,
            storage::LoadServiceInterface(connection, caller.tenant, change.interface.id,
                                          caller.project, Lock::kForChange));
        RETURN_IF_ERROR(CheckSame(change, interface));
        Apply(change, interface);
        RETURN_IF_ERROR(CheckInterface(interface));
        ASSIGN_OR_RETURN(ServiceInterface updated,
                         storage::UpdateServiceInterface(connection, interface));
        RETURN_IF_ERROR(Audit(connection, caller, "service_interface.updated", updated));
        return updated;
      });
}

absl::Status DeleteServiceInterface(const InterfaceContext& context, const CallContext& caller,
                                    InterfaceId id) {
  return postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const ServiceInterface interface,
                         storage::LoadServiceInterface(connection, caller.tenant, id,
                                                       caller.project, Lock::kForChange));
        RETURN_IF_ERROR(storage::DeleteServiceInterface(connection, caller.tenant, id));
        return Audit(connection, caller, "service_interface.deleted", interface);
      });
}

}  // namespace penstock::interfaces
