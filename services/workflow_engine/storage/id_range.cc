#include "services/workflow_engine/storage/id_range.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace penstock::workflow_engine {
namespace {

constexpr int64_t kMaxMilliseconds = (int64_t{1} << 48) - 1;

Uuid FloorOf(absl::Time time) {
  int64_t milliseconds = std::clamp<int64_t>(absl::ToUnixMillis(time), 0, kMaxMilliseconds);
  std::array<uint8_t, 16> bytes{};
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(milliseconds >> (40 - 8 * i));
  return Uuid(bytes);
}

Uuid Highest() {
  std::array<uint8_t, 16> bytes;
  bytes.fill(0xff);
  return Uuid(bytes);
}

}  // namespace

IdRange RangeAround(absl::Time from, absl::Time before) {
  absl::Time end = before + absl::Hours(24);
  bool endless = absl::ToUnixMillis(end) > kMaxMilliseconds;
  return {FloorOf(from - absl::Hours(24)), endless ? Highest() : FloorOf(end)};
}

}  // namespace penstock::workflow_engine
