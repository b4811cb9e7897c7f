#include "libs/log/line.h"

#include <array>
#include <cctype>
#include <cmath>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/log/utf8.h"

namespace penstock::log {
namespace {

constexpr size_t kMaxFieldBytes = 8 << 10;
constexpr std::string_view kHidden = "***";

// Parts of names that say a value is not for eyes. "key" alone is not among them: keys are mostly
// names.
constexpr std::array<std::string_view, 8> kSensitiveParts = {
    "password", "passwd", "token", "secret", "authorization", "cookie", "api_key", "apikey"};

void AppendText(std::string& line, std::string_view text) {
  json::AppendQuoted(line, ReplaceInvalidUtf8(text.substr(0, kMaxFieldBytes)));
}

void AppendMember(std::string& line, std::string_view name, std::string_view text) {
  line += ',';
  json::AppendQuoted(line, name);
  line += ':';
  AppendText(line, text);
}

struct AppendValue {
  std::string& line;
  void operator()(std::string_view value) const { AppendText(line, value); }
  void operator()(const std::string& value) const { AppendText(line, value); }
  void operator()(int64_t value) const { fmt::format_to(std::back_inserter(line), "{}", value); }
  void operator()(uint64_t value) const { fmt::format_to(std::back_inserter(line), "{}", value); }
  void operator()(bool value) const { line += value ? "true" : "false"; }
  void operator()(double value) const {
    // JSON has no word for infinity.
    std::isfinite(value) ? (void)fmt::format_to(std::back_inserter(line), "{}", value)
                         : AppendText(line, fmt::format("{}", value));
  }
};

}  // namespace

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "";
}

bool IsSensitiveName(std::string_view name) {
  std::string lower;
  for (char c : name) {
    lower += c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (std::string_view part : kSensitiveParts) {
    if (lower.find(part) == std::string::npos) continue;
    // The id of a key is how operators talk about it.
    return !lower.ends_with("_id") && !lower.ends_with("_prefix");
  }
  return false;
}

std::string FormatLine(absl::Time time, Level level, std::string_view service,
                       std::string_view message, const ScopedIds::Ids* ids, const Field* fields,
                       size_t field_count) {
  std::string line;
  line.reserve(256);
  line += R"({"time":")";
  line += absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone());
  line += R"(","level":")";
  line += LevelName(level);
  line += '"';
  AppendMember(line, "service", service);
  AppendMember(line, "message", message);
  if (ids != nullptr) {
    if (!ids->trace_id.empty()) AppendMember(line, "trace_id", ids->trace_id);
    if (!ids->tenant_id.empty()) AppendMember(line, "tenant_id", ids->tenant_id);
    if (!ids->request_id.empty()) AppendMember(line, "request_id", ids->request_id);
  }
  for (size_t i = 0; i < field_count; ++i) {
    const Field& field = fields[i];
    if (IsSensitiveName(field.name())) {
      AppendMember(line, field.name(), kHidden);
      continue;
    }
    line += ',';
    json::AppendQuoted(line, field.name());
    line += ':';
    std::visit(AppendValue{line}, field.value());
  }
  line += '}';
  return line;
}

}  // namespace penstock::log
