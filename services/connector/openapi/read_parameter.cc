#include "services/connector/openapi/read_parameter.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "fmt/format.h"
#include "services/connector/openapi/media_type.h"

namespace penstock::connector::openapi {
namespace {

constexpr size_t kMaxName = 200;

// They are set by auth strategies or the HTTP client.
constexpr std::string_view kRefusedHeaders[] = {
    "authorization", "connection",        "content-encoding", "content-length",
    "cookie",        "cookie2",           "expect",           "forwarded",
    "host",          "keep-alive",        "set-cookie",       "te",
    "trailer",       "transfer-encoding", "upgrade",          "via",
};

std::string LowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// OpenAPI has "Accept" and "Content-Type" ignored as parameters.
bool IsSetByUs(const std::string& lower_case) {
  return lower_case == "accept" || lower_case == "content-type";
}

struct Style {
  std::string_view name;
  ParameterPlace place;
  ParameterStyle style;
  bool explode;  // unless said otherwise
};
// The first of each place is its default. "label" and "matrix" are not there.
constexpr Style kStyles[] = {
    {"simple", ParameterPlace::kPath, ParameterStyle::kSimple, false},
    {"simple", ParameterPlace::kHeader, ParameterStyle::kSimple, false},
    {"form", ParameterPlace::kQuery, ParameterStyle::kForm, true},
    {"spaceDelimited", ParameterPlace::kQuery, ParameterStyle::kSpaceDelimited, false},
    {"pipeDelimited", ParameterPlace::kQuery, ParameterStyle::kPipeDelimited, false},
    {"deepObject", ParameterPlace::kQuery, ParameterStyle::kDeepObject, true},
};

const Style* StyleOf(ParameterPlace place, const std::string& name) {
  for (const Style& style : kStyles) {
    if (style.place == place && (name.empty() || style.name == name)) return &style;
  }
  return nullptr;
}

Reading CannotBeSent(const Place& place, const Parameter& parameter, std::string why,
                     Findings& findings) {
  findings.Note(place.pointer, std::move(why));
  return parameter.is_required ? Reading::kCannotBeCalled : Reading::kIgnored;
}

Reading ReadForm(const Place& place, Parameter& parameter, Findings& findings) {
  if (const std::optional<Place> content = place.Member("content")) {
    const std::optional<MediaType> type = BestMediaType(*content);
    if (!type || type->format != BodyFormat::kJson) {
      return CannotBeSent(place, parameter, "only JSON can be written into a parameter", findings);
    }
    parameter.style = ParameterStyle::kJson;
    parameter.schema.pointer = type->schema_pointer;
    return Reading::kTaken;
  }
  const std::string name = place.Text("style");
  const Style* style = StyleOf(parameter.place, name);
  if (style == nullptr) {
    return CannotBeSent(place, parameter, fmt::format("the style \"{}\" can't be written", name),
                        findings);
  }
  parameter.style = style->style;
  const std::optional<Place> explode = place.Member("explode");
  parameter.explode = explode ? place.IsSet("explode") : style->explode;
  if (const std::optional<Place> schema = place.Member("schema")) {
    parameter.schema.pointer = schema->pointer;
  }
  return Reading::kTaken;
}

Reading ReadHeader(const Place& place, Parameter& parameter, Findings& findings) {
  if (IsSetByUs(LowerCase(parameter.name))) return Reading::kIgnored;
  if (!IsCallersHeader(parameter.name)) {
    findings.Problem(place.pointer + "/name", "is no header that a caller may fill in");
    return Reading::kIgnored;
  }
  return ReadForm(place, parameter, findings);
}

}  // namespace

bool IsCallersHeader(const std::string& name) {
  const bool is_token = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
  const std::string lower_case = LowerCase(name);
  return is_token && !IsSetByUs(lower_case) && lower_case.rfind("proxy-", 0) != 0 &&
         lower_case.rfind("x-forwarded-", 0) != 0 &&
         std::find(std::begin(kRefusedHeaders), std::end(kRefusedHeaders), lower_case) ==
             std::end(kRefusedHeaders);
}

Reading ReadParameter(const Json& document, const Place& at, Parameter& parameter,
                      Findings& findings) {
  const std::optional<Place> place = Follow(document, at, findings);
  if (!place) return Reading::kIgnored;
  parameter.name = place->Text("name");
  parameter.description = place->Text("description");
  parameter.is_required = place->IsSet("required");
  if (parameter.name.empty() || parameter.name.size() > kMaxName) {
    findings.Problem(place->pointer + "/name", "must be a name of at most 200 bytes");
    return Reading::kIgnored;
  }
  const std::string in = place->Text("in");
  if (in == "path") {
    parameter.place = ParameterPlace::kPath;
    parameter.is_required = true;
    return ReadForm(*place, parameter, findings);
  }
  if (in == "query") {
    parameter.place = ParameterPlace::kQuery;
    return ReadForm(*place, parameter, findings);
  }
  if (in == "header") {
    parameter.place = ParameterPlace::kHeader;
    return ReadHeader(*place, parameter, findings);
  }
  if (in == "cookie") return CannotBeSent(*place, parameter, "cookies are not sent", findings);
  findings.Problem(place->pointer + "/in", "must be path, query, header or cookie");
  return Reading::kIgnored;
}

}  // namespace penstock::connector::openapi
