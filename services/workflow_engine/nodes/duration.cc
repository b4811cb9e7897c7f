#include "services/workflow_engine/nodes/duration.h"

#include <charconv>
#include <cmath>

namespace penstock::workflow_engine {
namespace {

constexpr absl::Duration kLongest = absl::Hours(24 * 3650);

struct Unit {
  std::string_view name;
  absl::Duration length;
};

std::optional<absl::Duration> UnitNamed(std::string_view name) {
  static constexpr Unit kUnits[] = {{"ms", absl::Milliseconds(1)}, {"s", absl::Seconds(1)},
                                    {"m", absl::Minutes(1)},       {"h", absl::Hours(1)},
                                    {"d", absl::Hours(24)},        {"w", absl::Hours(24 * 7)}};
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return unit.length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<absl::Duration> ParseHumanDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  absl::Duration total = absl::ZeroDuration();
  for (bool first = true; !text.empty(); first = false) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || text[0] == '-' || !std::isfinite(number)) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (text.empty()) {
      // "1h30" leaves open what the 30 is.
      if (!first) return std::nullopt;
      total = absl::Seconds(number);
      break;
    }
    const size_t size = text.find_first_of("0123456789.");
    const std::optional<absl::Duration> unit = UnitNamed(text.substr(0, size));
    if (!unit) return std::nullopt;
    total += number * *unit;
    text.remove_prefix(size == text.npos ? text.size() : size);
  }
  if (total > kLongest) return std::nullopt;
  return total;
}

}  // namespace penstock::workflow_engine
