// The keywords of OpenAPI's schemas that draft-07 has not, or not so. Internal to schema_collector.
#pragma once

#include "nlohmann/json.hpp"

namespace penstock::connector::openapi {

// `schema` has its parts translated already and holds "nullable", boolean limits.
nlohmann::json From30(nlohmann::json schema);

// "prefixItems", "dependentRequired", "dependentSchemas".
nlohmann::json From31(nlohmann::json schema);

}  // namespace penstock::connector::openapi
