// An id as the position of a page: the sixteen bytes of the last one shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/status/details.h"

namespace penstock::paging {

// Nothing for an empty position; INVALID_ARGUMENT for anything that is no id.
template <typename Id>
absl::StatusOr<std::optional<Id>> IdAt(std::string_view position) {
  if (position.empty()) return std::optional<Id>();
  const std::optional<Uuid> uuid = Uuid::FromBytes(position);
  if (!uuid) return InvalidField("page_token", "is not one of ours");
  return std::optional<Id>(Id(*uuid));
}

template <typename Id>
std::string PositionOf(const Id& id) {
  return std::string(id.uuid().as_string_view());
}

}  // namespace penstock::paging
