#include "services/workflow_engine/rpc/convert_time.h"

#include <string>

namespace penstock::workflow_engine {
namespace {

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z

}  // namespace

void SetTime(absl::Time time, google::protobuf::Timestamp& proto) {
  int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = absl::ToUnixSeconds(time);  // rounds down, also before 1970
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>(micros - seconds * 1'000'000) * 1000);
}

void ReadTime(bool present, const google::protobuf::Timestamp& proto, std::string_view field,
              absl::Time& time, std::vector<FieldViolation>& wrong) {
  if (!present) return;
  bool valid = proto.seconds() >= kFirstSecond && proto.seconds() <= kLastSecond &&
               proto.nanos() >= 0 && proto.nanos() < 1'000'000'000;
  if (!valid) {
    wrong.push_back({std::string(field), "is not a valid timestamp"});
    return;
  }
  time = absl::FromUnixSeconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());
}

}  // namespace penstock::workflow_engine
