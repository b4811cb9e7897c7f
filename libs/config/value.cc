#include "libs/config/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "absl/strings/string_view.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace penstock::config {
namespace {

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<int64_t> ParseBytes(std::string_view text) {
  struct Suffix {
    std::string_view text;
    int shift;
  };
  for (Suffix suffix : {Suffix{"KiB", 10}, Suffix{"MiB", 20}, Suffix{"GiB", 30}, Suffix{"", 0}}) {
    if (!text.ends_with(suffix.text)) continue;
    text.remove_suffix(suffix.text.size());
    std::optional<int64_t> count = ParseNumber<int64_t>(text);
    if (!count || *count < 0 || *count > (INT64_MAX >> suffix.shift)) return std::nullopt;
    return *count << suffix.shift;
  }
  return std::nullopt;
}

std::optional<absl::Duration> ParseDuration(std::string_view text) {
  absl::Duration duration;
  if (!absl::ParseDuration(absl::string_view(text.data(), text.size()), &duration) ||
      duration == absl::InfiniteDuration() || duration == -absl::InfiniteDuration()) {
    return std::nullopt;
  }
  return duration;
}

std::string OutOfBounds(const Setting& setting, double value) {
  std::string_view unit = setting.type == Type::kDuration ? " seconds" : "";
  // Negative durations and counts never make sense where nothing was declared.
  double minimum = setting.minimum.value_or(setting.type == Type::kDuration ? 0.0 : -HUGE_VAL);
  if (value < minimum) return fmt::format("must be at least {}{}", minimum, unit);
  if (setting.maximum && value > *setting.maximum) {
    return fmt::format("must be at most {}{}", *setting.maximum, unit);
  }
  return "";
}

template <typename T>
std::string Keep(const Setting& setting, std::string_view text, std::optional<T> parsed,
                 std::string_view expected, ParsedValue& value) {
  if (!parsed) return fmt::format("'{}' is not {}", text, expected);
  value = *parsed;
  if constexpr (std::is_same_v<T, absl::Duration>) {
    return OutOfBounds(setting, absl::ToDoubleSeconds(*parsed));
  } else {
    return OutOfBounds(setting, static_cast<double>(*parsed));
  }
}

}  // namespace

std::string ParseValue(const Setting& setting, std::string_view text, ParsedValue& value) {
  switch (setting.type) {
    case Type::kInt:
      return Keep(setting, text, ParseNumber<int64_t>(text), "a whole number", value);
    case Type::kDouble: {
      std::optional<double> number = ParseNumber<double>(text);
      if (number && !std::isfinite(*number)) number.reset();
      return Keep(setting, text, number, "a number", value);
    }
    case Type::kDuration:
      return Keep(setting, text, ParseDuration(text), "a duration (for example 250ms, 5s, 1h30m)",
                  value);
    case Type::kBytes:
      return Keep(setting, text, ParseBytes(text), "a size (for example 512, 64KiB, 16MiB)", value);
    case Type::kBool:
      if (text != "true" && text != "false") return fmt::format("'{}' is not true or false", text);
      value = text == "true";
      return "";
    case Type::kString:
      if (!setting.choices.empty() && std::ranges::count(setting.choices, text) == 0) {
        return fmt::format("'{}' is not one of {}", text, fmt::join(setting.choices, ", "));
      }
      return "";
    case Type::kPath:
    case Type::kSecret:
      return "";
  }
  return "";
}

}  // namespace penstock::config
