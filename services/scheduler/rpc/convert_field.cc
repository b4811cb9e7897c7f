#include "services/scheduler/rpc/convert_field.h"

#include <algorithm>

namespace penstock::scheduler {
namespace {

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDurationSeconds = 315576000000;
constexpr int kNanos = 1'000'000'000;

}  // namespace

void SetTime(absl::Time time, google::protobuf::Timestamp& proto) {
  const int64_t micros = absl::ToUnixMicros(time);
  const int64_t seconds = micros / 1'000'000 - (micros % 1'000'000 < 0);
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>((micros - seconds * 1'000'000) * 1000));
}

void SetDuration(absl::Duration duration, google::protobuf::Duration& proto) {
  absl::Duration rest;
  proto.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &rest));
  proto.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
}

absl::StatusOr<absl::Time> TimeFrom(const google::protobuf::Timestamp& proto,
                                    std::string_view field) {
  if (proto.seconds() < kFirstSecond || proto.seconds() > kLastSecond || proto.nanos() < 0 ||
      proto.nanos() >= kNanos) {
    return InvalidField(field, "is not a time between the years 1 and 9999");
  }
  return absl::FromUnixSeconds(proto.seconds()) + absl::Microseconds(proto.nanos() / 1000);
}

absl::StatusOr<absl::Duration> DurationFrom(const google::protobuf::Duration& proto,
                                            std::string_view field) {
  const bool agree =
      (proto.seconds() >= 0 && proto.nanos() >= 0) || (proto.seconds() <= 0 && proto.nanos() <= 0);
  if (!agree || std::abs(proto.seconds()) > kMaxDurationSeconds ||
      std::abs(proto.nanos()) >= kNanos) {
    return InvalidField(field, "is not a duration");
  }
  return absl::Seconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());
}

size_t CountCharacters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; });
}

}  // namespace penstock::scheduler
