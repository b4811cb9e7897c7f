#include "libs/recurrence/cron_field.h"

#include <charconv>

#include "absl/strings/match.h"
#include "fmt/format.h"

namespace penstock::recurrence {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

struct Range {
  int first, last, step;
  bool is_whole;
};

// "*", "5", "1-5", each with "/step" where the dialect has it.
std::optional<Range> ParseRange(const FieldShape& shape, std::string_view text,
                                FieldSyntax syntax) {
  const std::vector<std::string_view> stepped = SplitAt(text, "/");
  const std::optional<int> step = stepped.size() == 2 ? ParseNumber(stepped[1]) : 1;
  if (stepped.size() > 2 || !step || *step < 1) return std::nullopt;
  if (stepped[0] == "*") return Range{shape.first, shape.last, *step, true};
  const std::vector<std::string_view> ends = SplitAt(stepped[0], "-");
  if (ends.size() > 2) return std::nullopt;
  const std::optional<int> first = ParseFieldValue(shape, ends[0]);
  if (!first) return std::nullopt;
  if (ends.size() == 1) {
    if (stepped.size() == 1) return Range{*first, *first, 1, false};
    if (!syntax.open_steps) return std::nullopt;
    return Range{*first, shape.last, *step, *first < shape.first + *step};
  }
  std::optional<int> last = ParseFieldValue(shape, ends[1]);
  if (!last) return std::nullopt;
  const bool is_whole = *first == shape.first && *last == shape.last;
  if (*first > *last) {
    // Sunday also comes after Saturday.
    if (shape.first == 0 && shape.last == 7 && *last == 0 && syntax.open_steps) {
      last = 7;
    } else if (syntax.wrapping) {
      *last += shape.last - shape.first + 1;
    } else {
      return std::nullopt;
    }
  }
  return Range{*first, *last, *step, is_whole};
}

}  // namespace

std::vector<std::string_view> SplitAt(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> ParseNumber(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || text[0] == '-') {
    return std::nullopt;
  }
  return value;
}

std::optional<int> ParseFieldValue(const FieldShape& shape, std::string_view text) {
  for (size_t i = 0; i < shape.names.size(); ++i) {
    if (absl::EqualsIgnoreCase(Absl(text), Absl(shape.names[i]))) {
      return shape.first_named + static_cast<int>(i);
    }
  }
  const std::optional<int> number = ParseNumber(text);
  return number && *number >= shape.first && *number <= shape.last ? number : std::nullopt;
}

absl::StatusOr<FieldValues> ParseField(const FieldShape& shape, std::string_view text,
                                       FieldSyntax syntax) {
  FieldValues result;
  const int size = shape.last - shape.first + 1;
  for (const std::string_view part : SplitAt(text, ",")) {
    const std::optional<Range> range = ParseRange(shape, part, syntax);
    if (!range) {
      return absl::InvalidArgumentError(fmt::format("\"{}\" is no {}: {} to {}, ranges and steps",
                                                    part, shape.name, shape.first, shape.last));
    }
    for (int value = range->first; value <= range->last; value += range->step) {
      result.values.push_back(value > shape.last ? value - size : value);
    }
    result.spans_all |= range->is_whole;
  }
  return result;
}

}  // namespace penstock::recurrence
