#include "libs/request/fields.h"

#include <algorithm>
#include <vector>

#include "fmt/format.h"

namespace penstock {
namespace {

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z

}  // namespace

void SetTime(absl::Time time, google::protobuf::Timestamp& proto) {
  const int64_t seconds = absl::ToUnixSeconds(time);  // rounds down, also before 1970
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>(absl::ToUnixMicros(time) - seconds * 1'000'000) * 1000);
}

absl::StatusOr<absl::Time> TimeFrom(const google::protobuf::Timestamp& proto,
                                    std::string_view field) {
  if (proto.seconds() < kFirstSecond || proto.seconds() > kLastSecond || proto.nanos() < 0 ||
      proto.nanos() >= 1'000'000'000) {
    return InvalidField(field, "is not a valid timestamp");
  }
  return absl::FromUnixSeconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());
}

absl::StatusOr<FieldNames> FieldsToChange(const google::protobuf::FieldMask& mask,
                                          std::span<const std::string_view> changeable,
                                          FieldNames set) {
  if (mask.paths().empty()) return set;
  FieldNames fields;
  std::vector<FieldViolation> wrong;
  for (const std::string& path : mask.paths()) {
    if (path == "*") {
      fields.insert(changeable.begin(), changeable.end());
    } else if (std::ranges::find(changeable, path) != changeable.end()) {
      fields.insert(path);
    } else {
      wrong.push_back({"update_mask", fmt::format("\"{}\" can't be updated; these can: {}", path,
                                                  fmt::join(changeable, ", "))});
    }
  }
  if (!wrong.empty()) return BadRequest(wrong);
  return fields;
}

}  // namespace penstock
