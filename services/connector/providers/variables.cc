#include "services/connector/providers/variables.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "re2/re2.h"
#include "services/connector/providers/host_pattern.h"
#include "services/connector/providers/url_template.h"

namespace penstock::connector {
namespace {

using v1::Provider;

absl::Status Bad(std::string_view what) { return absl::InvalidArgumentError(std::string(what)); }

bool IsSegment(const std::string& value) {
  static const RE2& form = *new RE2(R"([A-Za-z0-9._~-]{1,255})");
  return value != "." && value != ".." && RE2::FullMatch(value, form);
}

absl::StatusOr<std::string> FillUrl(const std::string& text, const Provider& provider,
                                    const VariableValues& values, std::string_view field) {
  const absl::StatusOr<UrlTemplate> url = UrlTemplate::Parse(text);
  if (!url.ok()) return InvalidField(field, std::string(url.status().message()));
  absl::StatusOr<std::string> filled = url->Fill(values, provider.hosts());
  if (!filled.ok()) return InvalidField(field, std::string(filled.status().message()));
  return filled;
}

}  // namespace

bool IsUrlKey(const std::string& key) { return key.ends_with("_url") || key == "issuer"; }

std::unique_ptr<RE2> CompilePattern(const std::string& pattern) {
  if (pattern.size() > 200 || !pattern.starts_with('^') || !pattern.ends_with('$')) return nullptr;
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(32 << 10);
  auto compiled = std::make_unique<RE2>(pattern, options);
  return compiled->ok() ? std::move(compiled) : nullptr;
}

absl::Status CheckValue(const Provider::Variable& variable, const std::string& value) {
  if (!variable.values().empty() &&
      std::ranges::find(variable.values(), value) == variable.values().end()) {
    return Bad(fmt::format("must be one of: {}", fmt::join(variable.values(), ", ")));
  }
  // The pattern is data, too: what it admits is looked at again below.
  const std::unique_ptr<RE2> pattern = CompilePattern(variable.pattern());
  if (pattern == nullptr || !RE2::FullMatch(value, *pattern)) {
    return Bad(fmt::format("must match {}, as {} does", variable.pattern(), variable.example()));
  }
  switch (variable.kind()) {
    case Provider::Variable::KIND_LABEL:
      if (!IsDnsLabel(value)) return Bad("must be one label of a host name, in lower case");
      return absl::OkStatus();
    case Provider::Variable::KIND_SEGMENT:
      if (!IsSegment(value)) return Bad("must consist of letters, digits and -._~");
      return absl::OkStatus();
    case Provider::Variable::KIND_HOST_FROM_LIST:
      if (variable.values().empty() || !IsHostName(value)) return Bad("must be a host of the list");
      return absl::OkStatus();
    default:
      return Bad("is of no known kind");
  }
}

absl::StatusOr<VariableValues> ResolveVariables(const Provider& provider,
                                                const VariableValues& given) {
  VariableValues resolved;
  VariableValues unknown = given;
  std::vector<FieldViolation> wrong;
  for (const Provider::Variable& variable : provider.variables()) {
    const std::string field = "variables." + variable.name();
    const auto found = given.find(variable.name());
    unknown.erase(variable.name());
    const std::string& value =
        found == given.end() || found->second.empty() ? variable.default_value() : found->second;
    if (value.empty()) {
      wrong.push_back({field, fmt::format("is needed: {}", variable.description())});
    } else if (const absl::Status checked = CheckValue(variable, value); !checked.ok()) {
      wrong.push_back({field, std::string(checked.message())});
    }
    resolved[variable.name()] = value;
  }
  for (const auto& [name, value] : unknown) {
    wrong.push_back({"variables." + name, fmt::format("is no variable of {}", provider.id())});
  }
  if (!wrong.empty()) return BadRequest(wrong);
  return resolved;
}

absl::StatusOr<std::string> FillBaseUrl(const Provider& provider, const VariableValues& values) {
  ASSIGN_OR_RETURN(std::string url, FillUrl(provider.base_url(), provider, values, "base_url"));
  while (url.ends_with('/')) url.pop_back();
  return url;
}

absl::StatusOr<google::protobuf::Struct> FillAuthConfig(const Provider& provider,
                                                        const Provider::AuthMethod& method,
                                                        const VariableValues& values) {
  google::protobuf::Struct config = method.config();
  for (auto& [key, value] : *config.mutable_fields()) {
    if (value.kind_case() != google::protobuf::Value::kStringValue) continue;
    std::string& text = *value.mutable_string_value();
    if (IsUrlKey(key)) {
      ASSIGN_OR_RETURN(text, FillUrl(text, provider, values, "config." + key));
    } else if (text.starts_with('{') && text.ends_with('}')) {
      const auto found = values.find(text.substr(1, text.size() - 2));
      if (found != values.end()) text = found->second;
    }
  }
  return config;
}

}  // namespace penstock::connector
