#include "libs/postgres/role.h"

namespace penstock::postgres {

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kOwner:
      return "penstock_owner";
    case Role::kAdmin:
      return "penstock_admin";
    case Role::kServer:
      return "penstock_server";
    case Role::kEngine:
      return "penstock_engine";
    case Role::kSuperuser:
      return "postgres";
  }
  return "";
}

}  // namespace penstock::postgres
