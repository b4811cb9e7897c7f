#include "services/connector/openapi/media_type.h"

#include <cctype>

namespace penstock::connector::openapi {
namespace {

// Without parameters, in lower case.
std::string Essence(std::string_view content_type) {
  std::string essence;
  for (const char c : content_type.substr(0, content_type.find(';'))) {
    if (c != ' ' && c != '\t')
      essence += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return essence;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

bool IsJson(std::string_view content_type) {
  const std::string essence = Essence(content_type);
  return essence == "application/json" || EndsWith(essence, "+json") || essence == "*/*" ||
         essence == "application/*";
}

std::optional<BodyFormat> FormatOf(std::string_view content_type) {
  const std::string essence = Essence(content_type);
  if (IsJson(essence)) return BodyFormat::kJson;
  if (essence == "application/x-www-form-urlencoded") return BodyFormat::kForm;
  if (essence == "text/plain") return BodyFormat::kText;
  return std::nullopt;
}

std::optional<MediaType> BestMediaType(const Place& content) {
  std::optional<MediaType> best;
  if (!content.value->is_object()) return best;
  for (const auto& [name, unused] : content.value->items()) {
    const std::optional<BodyFormat> format = FormatOf(name);
    if (!format || (best && best->format <= *format)) continue;
    const std::optional<Place> schema = content.Member(name)->Member("schema");
    // The spec's text becomes no header: parameters and patterns are left out.
    const std::string essence = Essence(name);
    const bool is_pattern = essence.find('*') != essence.npos;
    best = MediaType{is_pattern ? "application/json" : essence, *format,
                     schema ? schema->pointer : ""};
  }
  return best;
}

}  // namespace penstock::connector::openapi
