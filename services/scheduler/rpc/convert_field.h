// Fields that many messages have: ids, times, durations, JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "libs/status/details.h"

namespace penstock::scheduler {

template <typename Id>
absl::StatusOr<Id> ParseId(const std::string& text, std::string_view field) {
  const std::optional<Id> id = Id::Parse(text);
  if (!id) return InvalidField(field, text.empty() ? "is required" : "must be a UUID");
  return *id;
}

// To the microsecond, which is what the database keeps.
void SetTime(absl::Time time, google::protobuf::Timestamp& proto);
void SetDuration(absl::Duration duration, google::protobuf::Duration& proto);
// INVALID_ARGUMENT for a time before year 1, after year 9999 or with nanoseconds out of range.
absl::StatusOr<absl::Time> TimeFrom(const google::protobuf::Timestamp& proto,
                                    std::string_view field);
// INVALID_ARGUMENT when seconds and nanoseconds do not agree, or are out of range.
absl::StatusOr<absl::Duration> DurationFrom(const google::protobuf::Duration& proto,
                                            std::string_view field);

// Characters of valid UTF-8, which a proto string is.
size_t CountCharacters(std::string_view text);

}  // namespace penstock::scheduler
