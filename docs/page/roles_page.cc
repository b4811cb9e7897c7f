#include "docs/page/roles_page.h"

#include <map>
#include <string_view>
#include <vector>

#include "libs/auth/role_table.h"

namespace penstock::docs {
namespace {

std::string_view Admitted(auth::Access access) {
  switch (access) {
    case auth::Access::kPublic: return "anybody";
    case auth::Access::kViewer: return "viewer";
    case auth::Access::kOperator: return "operator";
    case auth::Access::kDeveloper: return "developer";
    case auth::Access::kAdmin: return "admin";
    case auth::Access::kPlatformAdmin: return "admin of the platform";
    case auth::Access::kServiceOnly: return "Penstock's own services";
  }
  return "nobody";
}

}  // namespace

std::string RolesPage() {
  std::string page = R"(# Who may call what

Made from the table that the services ask (libs/auth/penstock_roles.cc) by `bazel run //docs:write_roles_page > docs/roles.md`. Each role may do what those
before it may: viewer, operator, developer, admin, owner. Beyond the table nobody reaches another tenant's things, gives a role above their own, or changes somebody who
has one; a key that is limited to a project calls nothing that concerns the tenant.
)";
  std::map<std::string_view, std::vector<std::pair<std::string_view, auth::Access>>> services;
  for (const auto& [method, access] : auth::PenstockRoles().entries()) {
    const size_t slash = method.rfind('/');
    services[method.substr(1, slash - 1)].emplace_back(method.substr(slash + 1), access);
  }
  for (const auto& [service, methods] : services) {
    page.append("\n## ").append(service).append("\n\n| RPC | least role |\n| --- | --- |\n");
    for (const auto& [method, access] : methods) page.append("| ").append(method).append(" | ").append(Admitted(access)).append(" |\n");
  }
  return page;
}

}  // namespace penstock::docs
