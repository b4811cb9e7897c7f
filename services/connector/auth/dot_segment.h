// "." and ".." in paths, which whoever gets a URL may resolve.
#pragma once

#include <string_view>

namespace penstock::connector {

// Whether some segment is one, its dots written as they are or as %2e.
bool HasDotSegment(std::string_view path);

}  // namespace penstock::connector
