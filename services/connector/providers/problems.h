// Collects what is wrong with a provider, so that its author hears all of it at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fmt/format.h"
#include "libs/status/details.h"

namespace penstock::connector {

using Problems = std::vector<FieldViolation>;

inline void AddProblem(Problems& problems, std::string_view field, std::string_view description) {
  problems.push_back({std::string(field), std::string(description)});
}

// "hosts[2]", for the fields of lists.
inline std::string Element(std::string_view list, size_t index) {
  return fmt::format("{}[{}]", list, index);
}

}  // namespace penstock::connector
