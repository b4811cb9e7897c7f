#include "services/interfaces/domain/service_interface.h"

#include <algorithm>
#include <array>
#include <utility>

namespace penstock::interfaces {
namespace {

constexpr std::array<std::pair<InterfaceType, std::string_view>, 4> kNames = {{
    {InterfaceType::kSignal, "signal"},
    {InterfaceType::kQuery, "query"},
    {InterfaceType::kUpdate, "update"},
    {InterfaceType::kStartChild, "start_child"},
}};

}  // namespace

std::string_view InterfaceTypeName(InterfaceType type) {
  return kNames[static_cast<size_t>(type)].second;
}

std::optional<InterfaceType> ParseInterfaceType(std::string_view name) {
  const auto found =
      std::ranges::find(kNames, name, &std::pair<InterfaceType, std::string_view>::second);
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

}  // namespace penstock::interfaces
