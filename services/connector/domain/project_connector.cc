#include "services/connector/domain/project_connector.h"

#include <algorithm>
#include <array>
#include <utility>

namespace penstock::connector {
namespace {

constexpr std::array<std::pair<Visibility, std::string_view>, 3> kNames = {{
    {Visibility::kPrivate, "private"},
    {Visibility::kOrganization, "organization"},
    {Visibility::kPublic, "public"},
}};

}  // namespace

std::string_view VisibilityName(Visibility visibility) {
  return kNames[static_cast<size_t>(visibility)].second;
}

std::optional<Visibility> ParseVisibility(std::string_view name) {
  const auto found =
      std::ranges::find(kNames, name, &std::pair<Visibility, std::string_view>::second);
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

}  // namespace penstock::connector
