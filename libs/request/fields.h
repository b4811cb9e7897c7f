// Fields that many requests have, between protobuf and C++: ids, times, masks. What is wrong with one
// is told with its path in the request.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "libs/status/details.h"

namespace penstock {

template <typename Id>
absl::StatusOr<Id> ParseId(const std::string& text, std::string_view field) {
  const std::optional<Id> id = Id::Parse(text);
  if (!id) return InvalidField(field, "must be a UUID");
  return *id;
}

// None for an empty text.
template <typename Id>
absl::StatusOr<std::optional<Id>> ParseOptionalId(const std::string& text, std::string_view field) {
  if (text.empty()) return std::optional<Id>();
  absl::StatusOr<Id> id = ParseId<Id>(text, field);
  if (!id.ok()) return id.status();
  return std::optional<Id>(*id);
}

// To the microsecond, which is what the database keeps.
void SetTime(absl::Time time, google::protobuf::Timestamp& proto);
// INVALID_ARGUMENT for a time before year 1, after year 9999 or with nanoseconds out of range.
absl::StatusOr<absl::Time> TimeFrom(const google::protobuf::Timestamp& proto,
                                    std::string_view field);

using FieldNames = std::set<std::string, std::less<>>;
// The fields that a mask names, "*" being all of `changeable`; INVALID_ARGUMENT for others. Without
// a mask `set`: those that are not empty.
absl::StatusOr<FieldNames> FieldsToChange(const google::protobuf::FieldMask& mask,
                                          std::span<const std::string_view> changeable,
                                          FieldNames set);

}  // namespace penstock
