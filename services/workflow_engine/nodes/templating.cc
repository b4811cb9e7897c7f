#include "services/workflow_engine/nodes/templating.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::workflow_engine {
namespace {

// Hop-by-hop and framing headers belong to the connection.
bool IsOfTheTransport(const std::string& lower_name) {
  constexpr std::string_view kNames[] = {"connection", "content-length", "keep-alive",
                                         "te", "trailer", "transfer-encoding", "upgrade"};
  return std::ranges::find(kNames, lower_name) != std::end(kNames);
}

}  // namespace

Template TemplateReader::Text(const std::string& field, const std::string& text) {
  absl::StatusOr<Template> parsed = Template::Parse(text);
  if (parsed.ok()) return *std::move(parsed);
  problems_.push_back({"", field, std::string(parsed.status().message())});
  return {};
}

JsonTemplate TemplateReader::Value(const std::string& field, const Json& value) {
  absl::StatusOr<JsonTemplate> parsed = JsonTemplate::Parse(value);
  if (parsed.ok()) return *std::move(parsed);
  problems_.push_back({"", field, std::string(parsed.status().message())});
  return {};
}

HeaderTemplates TemplateReader::Headers(const std::string& field, const Json& headers) {
  HeaderTemplates parsed;
  for (const auto& [name, value] : headers.items()) {
    const std::string member = fmt::format("{}.{}", field, name);
    if (!IsHeaderName(name)) {
      problems_.push_back({"", member, "is not a header name"});
    } else if (IsOfTheTransport(absl::AsciiStrToLower(name))) {
      problems_.push_back({"", member, "is set by the transport and can't be chosen"});
    }
    parsed.emplace_back(name, Text(member, value.get<std::string>()));
  }
  return parsed;
}

bool IsHeaderName(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool IsHeaderValue(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> RenderHeaders(
    const HeaderTemplates& headers, const NodeContext& context) {
  std::vector<std::pair<std::string, std::string>> rendered;
  rendered.reserve(headers.size());
  for (const auto& [name, value] : headers) {
    ASSIGN_OR_RETURN(std::string text, value.RenderText(context));
    if (!IsHeaderValue(text)) {
      return absl::InvalidArgumentError(
          fmt::format("the value of header \"{}\" has control characters", name));
    }
    rendered.emplace_back(name, std::move(text));
  }
  return rendered;
}

Fail RenderingFailed(const absl::Status& status) {
  const bool too_large = status.code() == absl::StatusCode::kResourceExhausted;
  return Fail{{too_large ? "TOO_LARGE" : "INVALID_VALUE", std::string(status.message()), "", false}};
}

}  // namespace penstock::workflow_engine
