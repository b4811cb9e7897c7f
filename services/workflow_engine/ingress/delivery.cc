#include "services/workflow_engine/ingress/delivery.h"

#include <map>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/json/validate.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {
namespace {

std::string_view Trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// "application/json; charset=utf-8" -> "application/json"
std::string MediaType(std::string_view content_type) {
  return absl::AsciiStrToLower(std::string(Trimmed(content_type.substr(0, content_type.find(';')))));
}

std::string FormDecoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    auto hex = [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)) != 0; };
    if (text[i] == '+') {
      decoded.push_back(' ');
    } else if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) && hex(text[i + 2])) {
      decoded.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

Fields FormFields(std::string_view body) {
  Fields fields;
  for (size_t begin = 0; begin < body.size();) {
    size_t end = std::min(body.find('&', begin), body.size());
    std::string_view pair = body.substr(begin, end - begin);
    begin = end + 1;
    if (pair.empty()) continue;
    size_t equals = std::min(pair.find('='), pair.size());
    fields.emplace_back(FormDecoded(pair.substr(0, equals)), FormDecoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return fields;
}

}  // namespace

absl::StatusOr<std::string> PayloadOf(std::string_view body, std::string_view content_type) {
  std::string_view text = Trimmed(body);
  if (text.empty()) return "null";
  std::string media_type = MediaType(content_type);
  std::string json;
  if (media_type.empty() || media_type == "application/json" || media_type.ends_with("+json")) {
    json = text;
  } else if (media_type == "application/x-www-form-urlencoded") {
    Text fields = FieldsJson(FormFields(text));
    json = fields ? *fields : "{}";
  } else {
    json = json::Quoted(body);
  }
  absl::Status valid = json::Validate(json);
  if (!valid.ok()) return WithContext(valid, "body");
  return json;
}

Text FieldsJson(const Fields& fields) {
  if (fields.empty()) return nullptr;
  std::map<std::string_view, std::string_view> last;
  for (const auto& [name, value] : fields) last[name] = value;
  std::string json = "{";
  for (const auto& [name, value] : last) {
    if (json.size() > 1) json += ',';
    json::AppendQuoted(json, name);
    json += ':';
    json::AppendQuoted(json, value);
  }
  json += '}';
  return MakeText(std::move(json));
}

Text TriggerOutput(std::string_view type, std::string_view data, absl::Time received_at, const Text& headers, const Text& query) {
  std::string json;
  json.reserve(type.size() + data.size() + (headers ? headers->size() : 0) + (query ? query->size() : 0) + 96);
  json += R"({"type":)";
  json::AppendQuoted(json, type);
  json += R"(,"data":)";
  json += data;
  json += R"(,"receivedAt":")";
  json += absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", received_at, absl::UTCTimeZone());
  json += '"';
  if (headers) json.append(R"(,"headers":)").append(*headers);
  if (query) json.append(R"(,"query":)").append(*query);
  json += '}';
  return MakeText(std::move(json));
}

bool HasMoved(const absl::Status& status) { return absl::IsUnavailable(status) && ReasonOf(status) == "MOVED"; }

Complete::Response ResponseWithoutNode(ExecutionId id, ExecutionState state, const Text& result) {
  if (state == ExecutionState::kCompleted) {
    return {.http_status = 200, .content_type = std::string(kJsonContentType), .body = result ? *result : "null", .headers = {}};
  }
  // The error itself is for the tenant, not for whoever called: GetExecution shows it.
  const bool was_stopped = state == ExecutionState::kCancelled || state == ExecutionState::kTerminated;
  int status = was_stopped ? 409 : 500;
  return {.http_status = status,
          .content_type = "application/problem+json",
          .body = fmt::format(R"({{"type":"about:blank","title":"The workflow ended as {}","status":{},"executionId":"{}"}})",
                              ExecutionStateName(state), status, id.ToString()),
          .headers = {}};
}

}  // namespace penstock::workflow_engine
