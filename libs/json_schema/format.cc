#include "libs/json_schema/format.h"

#include <string>

#include "libs/json_schema/format_network.h"
#include "libs/json_schema/format_time.h"
#include "libs/json_schema/pattern.h"
#include "re2/re2.h"

namespace penstock::json_schema {
namespace {

bool Matches(std::string_view text, const RE2& form) {
  return RE2::FullMatch({text.data(), text.size()}, form);
}

bool IsJsonPointer(std::string_view text) {
  static const RE2& form = *new RE2("(?:/(?:[^~/]|~[01])*)*");
  return Matches(text, form);
}

bool IsRelativeJsonPointer(std::string_view text) {
  static const RE2& form = *new RE2("(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)");
  return Matches(text, form);
}

// RFC 6570.
std::string UriTemplateForm() {
  const std::string name = "(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+";
  const std::string variable = name + "(?:\\." + name + ")*(?::[1-9][0-9]{0,3}|\\*)?";
  const std::string literal = "[^\\x00-\\x20\"'<>\\\\^`{|}%\\x7f]|%[0-9A-Fa-f]{2}";
  return "(?:" + literal + "|\\{[+#./;?&=,!@|]?" + variable + "(?:," + variable + ")*\\})*";
}

bool IsUriTemplate(std::string_view text) {
  static const RE2& form = *new RE2(UriTemplateForm());
  return Matches(text, form);
}

bool IsUuid(std::string_view text) {
  static const RE2& form = *new RE2("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
  return Matches(text, form);
}

// What only our engine can't do is still a regular expression.
bool IsRegex(std::string_view text) {
  constexpr size_t kMaxBytes = 1000;
  if (text.size() > kMaxBytes) return false;
  const absl::StatusOr<Pattern> pattern = Pattern::Compile(text);
  return pattern.ok() || pattern.status().code() == absl::StatusCode::kUnimplemented;
}

constexpr Format kFormats[] = {
    {"date", IsDate},
    {"date-time", IsDateTime},
    {"duration", IsDuration},
    {"email", IsEmail},
    {"hostname", IsHostname},
    {"idn-email", IsIdnEmail},
    {"ipv4", IsIpv4},
    {"ipv6", IsIpv6},
    {"iri", IsIri},
    {"iri-reference", IsIriReference},
    {"json-pointer", IsJsonPointer},
    {"regex", IsRegex, 50'000},
    {"relative-json-pointer", IsRelativeJsonPointer},
    {"time", IsTime},
    {"uri", IsUri},
    {"uri-reference", IsUriReference},
    {"uri-template", IsUriTemplate},
    {"uuid", IsUuid},
};

}  // namespace

const Format* FindFormat(std::string_view name) {
  for (const Format& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace penstock::json_schema
