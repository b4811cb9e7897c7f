// Service interfaces in the database.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/interfaces/domain/service_interface.h"
#include "services/interfaces/storage/projects.h"

namespace penstock::interfaces::storage {

struct InterfaceFilter {
  std::optional<ProjectId> project = {};
  std::optional<WorkflowId> service = {};
  std::optional<InterfaceType> type = {};
};

// None when the tenant has no such service.
absl::StatusOr<std::optional<ProjectId>> ProjectOfService(postgres::Connection& connection,
                                                          TenantId tenant, WorkflowId service);
// ALREADY_EXISTS names the constraint service_interfaces_name_unique, FAILED_PRECONDITION
// service_interfaces_service_exists.
absl::StatusOr<ServiceInterface> InsertServiceInterface(postgres::Connection& connection,
                                                        const ServiceInterface& interface);
// NOT_FOUND when the tenant, or its project `only`, has no such interface.
absl::StatusOr<ServiceInterface> LoadServiceInterface(postgres::Connection& connection,
                                                      TenantId tenant, InterfaceId id,
                                                      std::optional<ProjectId> only, Lock lock);
// Newest first.
absl::StatusOr<std::vector<ServiceInterface>> ListServiceInterfaces(
    postgres::Connection& connection, TenantId tenant, const InterfaceFilter& filter,
    std::optional<InterfaceId> before, int limit);
absl::StatusOr<int64_t> CountServiceInterfaces(postgres::Connection& connection, TenantId tenant,
                                               const InterfaceFilter& filter);
// By type, then by name.
absl::StatusOr<std::vector<ServiceInterface>> ListInterfacesOfService(
    postgres::Connection& connection, TenantId tenant, WorkflowId service);
// Writes what may change.
absl::StatusOr<ServiceInterface> UpdateServiceInterface(postgres::Connection& connection,
                                                        const ServiceInterface& interface);
absl::Status DeleteServiceInterface(postgres::Connection& connection, TenantId tenant,
                                    InterfaceId id);

}  // namespace penstock::interfaces::storage
