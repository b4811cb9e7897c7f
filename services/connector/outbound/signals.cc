#include "services/connector/outbound/signals.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/outbound/json_at.h"

namespace penstock::connector {
namespace {

using nlohmann::json;

constexpr absl::Duration kLongest = absl::Hours(1);
// Answers that say "limited" or "expired" are short.
constexpr size_t kMaxBodyBytes = 1 << 20;

struct NamedFormat {
  std::string_view name;
  TimeFormat format;
};
constexpr NamedFormat kFormats[] = {
    {"FORMAT_SECONDS", TimeFormat::kSeconds},
    {"FORMAT_MILLISECONDS", TimeFormat::kMilliseconds},
    {"FORMAT_HTTP_DATE", TimeFormat::kHttpDate},
    {"FORMAT_EPOCH_SECONDS", TimeFormat::kEpochSeconds},
    {"FORMAT_EPOCH_MILLISECONDS", TimeFormat::kEpochMilliseconds},
    {"FORMAT_ISO8601", TimeFormat::kIso8601},
};

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return text;
}

std::string TextAt(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

absl::StatusOr<Signal> ParseSignal(const json& config, const std::string& field) {
  if (!config.is_object()) return InvalidField(field, "must be an object");
  Signal signal;
  const auto status = config.find("status");
  if (status == config.end() || !status->is_number_integer() || *status < 200 || *status > 599) {
    return InvalidField(field + ".status", "must be an HTTP status");
  }
  signal.status = status->get<int>();
  signal.header = Lower(TextAt(config, "header"));
  signal.header_value = TextAt(config, "header_value");
  const auto body = config.find("body");
  if (body == config.end()) return signal;
  signal.body_path =
      body->is_object() ? penstock::json::ParsePath(TextAt(*body, "path")) : std::nullopt;
  if (!signal.body_path || !body->contains("equals")) {
    return InvalidField(field + ".body", "must have a path such as \"error.code\" and equals");
  }
  signal.body_equals = body->at("equals");
  return signal;
}

absl::StatusOr<std::vector<Signal>> ParseSignalList(const json& config, const char* key) {
  std::vector<Signal> signals;
  const auto list = config.find(key);
  if (list == config.end()) return signals;
  if (!list->is_array() || list->size() > 10)
    return InvalidField(key, "must be a list of at most 10");
  for (const json& one : *list) {
    ASSIGN_OR_RETURN(Signal signal, ParseSignal(one, fmt::format("{}[{}]", key, signals.size())));
    signals.push_back(std::move(signal));
  }
  return signals;
}

absl::StatusOr<RetryAfterHeader> ParseRetryAfter(const json& config, const std::string& field) {
  if (!config.is_object() || TextAt(config, "header").empty()) {
    return InvalidField(field + ".header", "must name a header");
  }
  const std::string name = TextAt(config, "format");
  const auto found = std::ranges::find(kFormats, name, &NamedFormat::name);
  if (found == std::end(kFormats))
    return InvalidField(field + ".format", "must be FORMAT_SECONDS, ...");
  return RetryAfterHeader{Lower(TextAt(config, "header")), found->format};
}

std::optional<double> Number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// The three forms of RFC 9110.
std::optional<absl::Time> HttpDate(const std::string& text) {
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    absl::Time time;
    std::string ignored;
    if (absl::ParseTime(form, text, &time, &ignored)) return time;
  }
  return std::nullopt;
}

std::optional<absl::Duration> DelayOf(const std::string& text, TimeFormat format, absl::Time now) {
  const auto since = [&](absl::Time time) { return std::optional(time - now); };
  std::optional<double> number;
  std::optional<absl::Time> time;
  switch (format) {
    case TimeFormat::kAny:
      if (const auto seconds = DelayOf(text, TimeFormat::kSeconds, now)) return seconds;
      return DelayOf(text, TimeFormat::kHttpDate, now);
    case TimeFormat::kHttpDate:
      time = HttpDate(text);
      return time ? since(*time) : std::nullopt;
    case TimeFormat::kIso8601: {
      absl::Time parsed;
      std::string ignored;
      if (!absl::ParseTime(absl::RFC3339_full, text, &parsed, &ignored)) return std::nullopt;
      return since(parsed);
    }
    default:
      break;
  }
  number = Number(text);
  if (!number) return std::nullopt;
  if (format == TimeFormat::kSeconds) return absl::Seconds(*number);
  if (format == TimeFormat::kMilliseconds) return absl::Milliseconds(*number);
  if (format == TimeFormat::kEpochSeconds) return since(absl::UnixEpoch() + absl::Seconds(*number));
  return since(absl::UnixEpoch() + absl::Milliseconds(*number));
}

bool AnyMatches(const std::vector<Signal>& signals, const egress::HttpResponse& response) {
  return std::ranges::any_of(signals,
                             [&](const Signal& signal) { return Matches(signal, response); });
}

}  // namespace

absl::StatusOr<ResponseSignals> ParseSignals(const json& config) {
  ResponseSignals signals;
  if (config.is_null()) return signals;
  if (!config.is_object()) return InvalidField("rate_limit", "must be an object");
  ASSIGN_OR_RETURN(signals.limited, ParseSignalList(config, "signals"));
  ASSIGN_OR_RETURN(signals.expired, ParseSignalList(config, "expired_signals"));
  const auto list = config.find("retry_after");
  if (list == config.end()) return signals;
  if (!list->is_array() || list->size() > 10) {
    return InvalidField("retry_after", "must be a list of at most 10");
  }
  for (const json& one : *list) {
    const std::string field = fmt::format("retry_after[{}]", signals.retry_after.size());
    ASSIGN_OR_RETURN(RetryAfterHeader header, ParseRetryAfter(one, field));
    signals.retry_after.push_back(std::move(header));
  }
  return signals;
}

bool Matches(const Signal& signal, const egress::HttpResponse& response) {
  if (signal.status != response.status) return false;
  if (!signal.header.empty()) {
    const std::string* value = FindHeader(response, signal.header);
    if (value == nullptr) return false;
    if (!signal.header_value.empty() && *value != signal.header_value) return false;
  }
  if (!signal.body_path) return true;
  if (response.body.size() > kMaxBodyBytes) return false;
  const json body = json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  const json* found = JsonAt(body, *signal.body_path);
  return found != nullptr && *found == signal.body_equals;
}

bool IsRateLimited(const ResponseSignals& signals, const egress::HttpResponse& response) {
  return response.status == 429 || AnyMatches(signals.limited, response);
}

bool IsUnauthorized(const ResponseSignals& signals, const egress::HttpResponse& response) {
  return response.status == 401 || AnyMatches(signals.expired, response);
}

std::optional<absl::Duration> ComeBackAfter(const ResponseSignals& signals,
                                            const egress::HttpResponse& response, absl::Time now) {
  std::vector<RetryAfterHeader> places = signals.retry_after;
  places.push_back({"retry-after", TimeFormat::kAny});
  for (const RetryAfterHeader& place : places) {
    const std::string* value = FindHeader(response, place.name);
    if (value == nullptr) continue;
    const std::optional<absl::Duration> delay = DelayOf(*value, place.format, now);
    if (delay) return std::clamp(*delay, absl::ZeroDuration(), kLongest);
  }
  return std::nullopt;
}

const std::string* FindHeader(const egress::HttpResponse& response, std::string_view name) {
  const auto found = std::ranges::find(
      response.headers, name, [](const auto& header) { return std::string_view(header.first); });
  return found == response.headers.end() ? nullptr : &found->second;
}

}  // namespace penstock::connector
