// A text with holes: "v0:{{timestamp}}:{{body}}". Names are letters, digits, '_' and '.'; there is
// nothing else in it: no expressions, no escapes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace penstock::connector {

class TextTemplate {
 public:
  // INVALID_ARGUMENT for a "{{" that opens no hole; the message never repeats the text.
  static absl::StatusOr<TextTemplate> Parse(std::string_view text);

  // In order, those that are there twice twice.
  const std::vector<std::string>& names() const { return names_; }

  using Fill = std::function<absl::StatusOr<std::string>(const std::string& name)>;
  // What `fill` has for each name is put in as it is, and not looked at again.
  absl::StatusOr<std::string> Render(const Fill& fill) const;

 private:
  std::vector<std::string> literals_;  // one more than names
  std::vector<std::string> names_;
};

}  // namespace penstock::connector
