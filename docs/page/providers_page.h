// The page of the services that the catalogue knows, from the rows that are compiled in.
#pragma once

#include <string>

#include "services/connector/providers/catalogue.h"

namespace penstock::docs {

// Markdown: one row a provider.
std::string ProvidersPage(const connector::Catalogue& catalogue);

}  // namespace penstock::docs
