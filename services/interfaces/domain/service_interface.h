// A service interface: one callable of a workflow, and what goes in and comes out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::interfaces {

using InterfaceId = TypedId<struct InterfaceTag>;

enum class InterfaceType { kSignal, kQuery, kUpdate, kStartChild };
// "signal", ... as stored.
std::string_view InterfaceTypeName(InterfaceType type);
std::optional<InterfaceType> ParseInterfaceType(std::string_view name);

struct ServiceInterface {
  InterfaceId id = {};
  TenantId tenant = {};
  WorkflowId service = {};
  std::string name = {};
  std::string display_name = {};
  std::string description = {};
  InterfaceType type = InterfaceType::kSignal;
  std::string callable_name = {};     // of a signal or a query
  std::string payload_schema = "{}";  // JSON Schema
  std::optional<std::string> return_schema = {};
  bool is_public = false;
  absl::Time created_at = {}, updated_at = {};
};

// What GetByService may answer with at most, and so what a service may have.
inline constexpr int kMaxInterfacesOfService = 200;

}  // namespace penstock::interfaces
