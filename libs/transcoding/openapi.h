// An OpenAPI 3 document of what a RouteTable serves, made from annotations and descriptors.
#pragma once

#include <string>

#include "libs/transcoding/route_table.h"

namespace penstock::transcoding {

struct ApiInfo {
  std::string title;
  std::string version;
};

// JSON text. Same routes, same text.
std::string OpenApiOf(const RouteTable& routes, const ApiInfo& info);

}  // namespace penstock::transcoding
