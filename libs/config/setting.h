// What a setting is: declared once as data, read once at start, printed by --help and in
// docs/settings.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace penstock::config {

enum class Type {
  kString,
  kInt,  // 64 bits, decimal
  kDouble,
  kBool,      // true or false
  kDuration,  // "250ms", "5s", "1h30m"
  kBytes,     // "512", "64KiB", "16MiB", "1GiB"
  kPath,      // text; the file need not exist yet
  kSecret,    // text that is never printed; also read from the file that NAME_FILE names
};

std::string_view TypeName(Type type);

struct Setting {
  std::string name;  // PENSTOCK_* or one of the standard DB_* names
  Type type = Type::kString;
  // As text in the form the operator would write. None = the setting is required.
  std::optional<std::string> default_text = std::nullopt;
  std::string help;       // one sentence: what it changes
  std::string unit = "";  // for example "connections"; empty where the type says it
  // Inclusive bounds for kInt, kDouble, kBytes (in bytes) and kDuration (in seconds).
  std::optional<double> minimum = std::nullopt;
  std::optional<double> maximum = std::nullopt;
  // The only texts allowed, for kString.
  std::vector<std::string> choices = {};
};

using Declarations = std::vector<Setting>;

// Joins the declarations of a service with those of the libraries it uses (log, grpc, postgres,
// ...).
Declarations Join(std::initializer_list<Declarations> parts);

}  // namespace penstock::config
