// A place in an api_spec, and following "$ref" from there: within the document only, never in a
// circle.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"
#include "services/connector/openapi/findings.h"

namespace penstock::connector::openapi {

using Json = nlohmann::json;

struct Place {
  const Json* value = nullptr;
  std::string pointer;

  // A member; none when it is not there.
  std::optional<Place> Member(const std::string& name) const;
  Place Item(size_t index) const;
  // A member that is a string, or "".
  std::string Text(const char* name) const;
  // A member that is true.
  bool IsSet(const char* name) const;
};

// The pointer of a reference within the document: "#/a%20b" → "/a b". None for any other.
std::optional<std::string> LocalPointer(const Json& reference);

// Where `place` leads when it is a "$ref", maybe in several hops; otherwise itself. None is a
// problem, which `findings` has then.
std::optional<Place> Follow(const Json& document, Place place, Findings& findings);

}  // namespace penstock::connector::openapi
