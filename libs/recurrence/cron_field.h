// One field of a cron expression: lists of numbers, names, ranges and steps.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace penstock::recurrence {

struct FieldShape {
  std::string_view name;
  int first;
  int last;
  std::span<const std::string_view> names = {};  // of first_named, first_named + 1, ...
  int first_named = 0;
};

// What dialects differ in.
struct FieldSyntax {
  bool open_steps = false;  // "5/10": from 5 to the end
  bool wrapping = false;    // "22-2": over the end
};

struct FieldValues {
  std::vector<int> values;
  // The whole range, with or without steps: "*", "*/15", "0/15".
  bool spans_all = false;
};

// The value of a number or name.
std::optional<int> ParseFieldValue(const FieldShape& shape, std::string_view text);

// INVALID_ARGUMENT naming the field and the part that is wrong.
absl::StatusOr<FieldValues> ParseField(const FieldShape& shape, std::string_view text,
                                       FieldSyntax syntax);

std::vector<std::string_view> SplitAt(std::string_view text, std::string_view separators);

// A number without sign; nothing for anything else.
std::optional<int> ParseNumber(std::string_view text);

}  // namespace penstock::recurrence
