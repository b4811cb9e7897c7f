// The page of who may call what, from the table that the services ask.
#pragma once

#include <string>

namespace penstock::docs {

// Markdown: one table a service, its RPCs with the least role each.
std::string RolesPage();

}  // namespace penstock::docs
