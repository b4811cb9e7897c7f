// Making, reading, changing and deleting service interfaces. A caller who is limited to a project
// sees those of its services and no others.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/interfaces/domain/service_interface.h"
#include "services/interfaces/storage/service_interfaces.h"

namespace penstock::interfaces {

// Owned by App; both outlive it.
struct InterfaceContext {
  postgres::Pool& pool;
  const Clock& clock;  // for ids and nothing else
};

// INVALID_ARGUMENT as CheckInterface; NOT_FOUND for an unknown service; ALREADY_EXISTS
// (INTERFACE_NAME_TAKEN); FAILED_PRECONDITION (TOO_MANY_INTERFACES).
absl::StatusOr<ServiceInterface> CreateServiceInterface(const InterfaceContext& context,
                                                        const auth::CallContext& caller,
                                                        ServiceInterface interface);
absl::StatusOr<ServiceInterface> GetServiceInterface(const InterfaceContext& context,
                                                     const auth::CallContext& caller,
                                                     InterfaceId id);

struct InterfaceQuery {
  storage::InterfaceFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};
absl::StatusOr<paging::Page<ServiceInterface>> ListServiceInterfaces(
    const InterfaceContext& context, const auth::CallContext& caller, const InterfaceQuery& query);
absl::StatusOr<std::vector<ServiceInterface>> GetInterfacesOfService(
    const InterfaceContext& context, const auth::CallContext& caller, WorkflowId service);

struct InterfaceChange {
  ServiceInterface interface;  // its id, and the new values of `fields`
  std::set<std::string, std::less<>> fields;
  // What the caller says of what never changes, and is held to; absent = nothing.
  std::optional<WorkflowId> service = {};
  std::optional<std::string> name = {}, callable_name = {};
  std::optional<InterfaceType> type = {};
};
absl::StatusOr<ServiceInterface> UpdateServiceInterface(const InterfaceContext& context,
                                                        const auth::CallContext& caller,
                                                        const InterfaceChange& change);
absl::Status DeleteServiceInterface(const InterfaceContext& context,
                                    const auth::CallContext& caller, InterfaceId id);

}  // namespace penstock::interfaces
