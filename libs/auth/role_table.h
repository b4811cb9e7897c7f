// Who may call which RPC: one declared table. An RPC that is not in it is refused for everybody, so
// a new one can't be forgotten open; a test compares the table with the descriptors of all protos.
#pragma once

#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libs/auth/call_context.h"

namespace penstock::auth {

// Least role that may call; each role may do what those before it may.
enum class Access {
  kPublic,  // without credentials: health, reflection, signing in
  kViewer,
  kOperator,
  kDeveloper,
  kAdmin,
  kPlatformAdmin,  // an admin of the platform's own tenant
  kServiceOnly,  // service tokens and nobody else
};

class RoleTable {
 public:
  using Entry = std::pair<std::string_view, Access>;  // "/package.Service/Method", a literal

  // A method named twice is a programmer error and aborts.
  explicit RoleTable(const std::vector<Entry>& entries);

  bool IsPublic(std::string_view full_method) const;
  // OK, PERMISSION_DENIED with reason "ROLE_NOT_ALLOWED",
  // "PLATFORM_ONLY" or "SERVICE_ONLY", or UNIMPLEMENTED
  // (reason "NO_ROLE_ENTRY") for a method without entry. A service token passes everywhere when it
  // carries a tenant, and at kServiceOnly without one as well.
  absl::Status Check(std::string_view full_method, const CallContext& caller) const;

  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, Access> access_;
};

// The entries of all Penstock's protos.
const RoleTable& PenstockRoles();

}  // namespace penstock::auth
