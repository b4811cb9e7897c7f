#include "services/connector/openapi/serialize.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/connector/openapi/path_template.h"

namespace penstock::connector::openapi {
namespace {

using Json = nlohmann::json;

// Payloads are UTF-8 when they get here; what is not would throw.
std::string JsonText(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<std::string> Single(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return absl::InvalidArgumentError(value.is_null()
                                        ? "null can't be written here"
                                        : "only single values can be written within this one");
}

// "a" → {"", "a"}; ["a", "b"] → {"", "a"}, {"", "b"}; {"k": "v"} → {"k", "v"}.
absl::StatusOr<Pairs> PartsOf(const Json& value) {
  Pairs parts;
  if (!value.is_structured()) {
    ASSIGN_OR_RETURN(std::string text, Single(value));
    parts.emplace_back("", std::move(text));
    return parts;
  }
  for (auto part = value.begin(); part != value.end(); ++part) {
    ASSIGN_OR_RETURN(std::string text, Single(*part));
    parts.emplace_back(value.is_object() ? part.key() : "", std::move(text));
  }
  return parts;
}

// "a,b", "k,v" or, exploded, "k=v".
std::string Joined(const Pairs& parts, bool explode, char delimiter) {
  std::string text;
  for (const auto& [name, value] : parts) {
    if (!text.empty()) text += delimiter;
    if (!name.empty()) text += name + (explode ? '=' : delimiter);
    text += value;
  }
  return text;
}

bool Holds(const Pairs& parts, char delimiter) {
  return std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
    return part.first.find(delimiter) != std::string::npos ||
           part.second.find(delimiter) != std::string::npos;
  });
}

absl::StatusOr<std::string> JoinedPlain(const Json& value, bool explode, char delimiter) {
  ASSIGN_OR_RETURN(const Pairs parts, PartsOf(value));
  if (value.is_structured() && Holds(parts, delimiter)) {
    return absl::InvalidArgumentError(
        fmt::format("no part may contain \"{}\", which stands between them", delimiter));
  }
  return Joined(parts, explode, delimiter);
}

char DelimiterOf(ParameterStyle style) {
  switch (style) {
    case ParameterStyle::kSpaceDelimited:
      return ' ';
    case ParameterStyle::kPipeDelimited:
      return '|';
    default:
      return ',';
  }
}

absl::StatusOr<Pairs> DeepObject(const std::string& name, const Json& value) {
  if (!value.is_object()) return absl::InvalidArgumentError("must be an object");
  ASSIGN_OR_RETURN(Pairs parts, PartsOf(value));
  for (auto& [key, unused] : parts) key = fmt::format("{}[{}]", name, key);
  return parts;
}

absl::StatusOr<std::string> FormText(const Json& value) {
  if (!value.is_object())
    return absl::InvalidArgumentError("must be an object: it is sent as a form");
  std::string text;
  for (auto member = value.begin(); member != value.end(); ++member) {
    if (member->is_object()) {
      return absl::InvalidArgumentError("objects within a form can't be written");
    }
    ASSIGN_OR_RETURN(const Pairs parts, PartsOf(*member));
    for (const auto& [unused, part] : parts) {
      text += fmt::format("{}{}={}", text.empty() ? "" : "&", PercentEncode(member.key()),
                          PercentEncode(part));
    }
  }
  return text;
}

// Nothing that ends the header, or that a server would trim.
bool IsHeaderValue(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }) &&
         (text.empty() || (text.front() != ' ' && text.back() != ' '));
}

}  // namespace

absl::StatusOr<std::string> PathText(const Parameter& parameter, const Json& value) {
  if (parameter.style == ParameterStyle::kJson) return PercentEncode(JsonText(value));
  ASSIGN_OR_RETURN(Pairs parts, PartsOf(value));
  for (auto& [name, text] : parts) {
    name = PercentEncode(name);
    text = PercentEncode(text);
  }
  return Joined(parts, parameter.explode, ',');
}

absl::StatusOr<Pairs> QueryPairs(const Parameter& parameter, const Json& value) {
  if (parameter.style == ParameterStyle::kJson) return Pairs{{parameter.name, JsonText(value)}};
  if (parameter.style == ParameterStyle::kDeepObject) return DeepObject(parameter.name, value);
  if (value.is_structured() && value.empty()) return Pairs();
  if (!value.is_structured() || !parameter.explode) {
    ASSIGN_OR_RETURN(std::string text,
                     JoinedPlain(value, parameter.explode, DelimiterOf(parameter.style)));
    return Pairs{{parameter.name, std::move(text)}};
  }
  ASSIGN_OR_RETURN(Pairs parts, PartsOf(value));
  for (auto& [name, unused] : parts) {
    if (value.is_array()) name = parameter.name;
  }
  return parts;
}

absl::StatusOr<std::string> HeaderText(const Parameter& parameter, const Json& value) {
  std::string text;
  if (parameter.style == ParameterStyle::kJson) {
    text = JsonText(value);
  } else {
    ASSIGN_OR_RETURN(text, JoinedPlain(value, parameter.explode, ','));
  }
  if (IsHeaderValue(text)) return text;
  return absl::InvalidArgumentError("a header has no control characters, and no space at its ends");
}

absl::StatusOr<std::string> BodyText(BodyFormat format, const Json& value) {
  if (format == BodyFormat::kJson) return JsonText(value);
  if (format == BodyFormat::kForm) return FormText(value);
  if (value.is_string()) return value.get<std::string>();
  return absl::InvalidArgumentError("must be a string: it is sent as text");
}

}  // namespace penstock::connector::openapi
