// A place in a parsed JSON value, as the catalogue writes it: "data.0.id".
#pragma once

#include "libs/json/path.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {

// Null when there is nothing there.
inline const nlohmann::json* JsonAt(const nlohmann::json& value, const json::Path& path) {
  const nlohmann::json* at = &value;
  for (const json::PathSegment& segment : path) {
    if (at->is_array()) {
      if (!segment.index || *segment.index >= at->size()) return nullptr;
      at = &(*at)[*segment.index];
    } else {
      const auto found = at->find(segment.key);
      if (!at->is_object() || found == at->end()) return nullptr;
      at = &*found;
    }
  }
  return at;
}

}  // namespace penstock::connector
