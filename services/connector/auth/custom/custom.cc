#include "services/connector/auth/custom/custom.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "libs/http/percent_encode.h"
#include "libs/status/macros.h"
#include "services/connector/auth/config_reader.h"
#include "services/connector/auth/custom/custom_values.h"
#include "services/connector/auth/custom/json_body.h"
#include "services/connector/auth/custom/schema.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/dot_segment.h"
#include "services/connector/auth/header_name.h"
#include "services/connector/auth/request_edit.h"

namespace penstock::connector {
namespace {

using Visit = std::function<void(const std::string& field, const std::string& text)>;

void VisitTexts(const Json& value, const std::string& field, const Visit& visit) {
  if (value.is_string()) return visit(field, value.get_ref<const std::string&>());
  if (!value.is_structured()) return;
  for (const auto& [key, member] : value.items()) {
    VisitTexts(member, field.empty() ? key : field + "." + key, visit);
  }
}

// NAMEs that the templates of a config use: of secrets or of config_data.
std::set<std::string> NamesIn(const Json& config, std::string_view (*name_of)(std::string_view)) {
  std::set<std::string> names;
  VisitTexts(config, "", [&](const std::string&, const std::string& text) {
    const auto parsed = TextTemplate::Parse(text);
    if (!parsed.ok()) return;
    for (const std::string& name : parsed->names()) {
      if (IsCustomName(name) && !name_of(name).empty()) names.emplace(name_of(name));
    }
  });
  return names;
}

void CheckTemplates(const Json& config, std::vector<FieldViolation>& wrong) {
  VisitTexts(config, "", [&](const std::string& field, const std::string& text) {
    const auto parsed = TextTemplate::Parse(text);
    if (!parsed.ok()) return wrong.push_back({field, std::string(parsed.status().message())});
    const bool known = std::ranges::all_of(parsed->names(), IsCustomName);
    if (!known) wrong.push_back({field, "may have {{secret.NAME}} and {{config.NAME}} only"});
  });
}

// What stands in a path as it is, beside what separates segments.
bool IsPathText(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
  });
}

void CheckPrefix(const std::string& prefix, std::vector<FieldViolation>& wrong) {
  const auto parsed = TextTemplate::Parse(prefix);
  if (prefix.empty() || !parsed.ok()) return;
  const auto literal =
      parsed->Render([](const std::string&) -> absl::StatusOr<std::string> { return "x"; });
  if (!prefix.starts_with('/') || prefix.starts_with("//") || prefix.ends_with('/') ||
      !IsPathText(*literal) || HasDotSegment(*literal)) {
    wrong.push_back(
        {"path_prefix", "must begin with one '/', not end with one, and be what a path may be"});
  }
}

// As PercentEncode, but ':' and '@' stay: vendors that have a key in the path have them in it.
std::string EncodeForPath(std::string_view text) {
  std::string encoded;
  for (char c : text) {
    encoded += c == ':' || c == '@' ? std::string(1, c) : http::PercentEncode({&c, 1});
  }
  return encoded;
}

absl::Status AddHeaders(const AuthInputs& inputs, const ConfigReader& config,
                        egress::HttpRequest& request) {
  for (const auto& [name, value] : config.Texts("headers")) {
    ASSIGN_OR_RETURN(const TextTemplate text, TextTemplate::Parse(value));
    ASSIGN_OR_RETURN(std::string rendered, RenderCustom(text, inputs, Alphabet::kAscii));
    SetHeader(request.headers, name, std::move(rendered));
  }
  return absl::OkStatus();
}

absl::Status AddToUrl(const AuthInputs& inputs, const ConfigReader& config,
                      egress::HttpRequest& request) {
  ASSIGN_OR_RETURN(UrlParts url, UrlParts::Parse(request.url));
  for (const auto& [name, value] : config.Texts("query")) {
    ASSIGN_OR_RETURN(const TextTemplate text, TextTemplate::Parse(value));
    ASSIGN_OR_RETURN(const std::string rendered, RenderCustom(text, inputs, Alphabet::kUtf8));
    url.SetQuery(name, rendered, inputs.writing);
  }
  ASSIGN_OR_RETURN(const TextTemplate text, TextTemplate::Parse(config.Text("path_prefix")));
  ASSIGN_OR_RETURN(const std::string prefix,
                   RenderCustom(text, inputs, Alphabet::kUtf8, EncodeForPath));
  if (HasDotSegment(prefix)) {
    const std::string_view secret = text.names().empty() ? "" : SecretNameOf(text.names().front());
    return InvalidCredential(secret, "makes a \".\" or \"..\" of the path");
  }
  url.path.insert(0, prefix);
  request.url = url.ToString();
  return absl::OkStatus();
}

absl::StatusOr<Json> RenderJson(const Json& value, const AuthInputs& inputs) {
  if (value.is_string()) {
    ASSIGN_OR_RETURN(const TextTemplate text,
                     TextTemplate::Parse(value.get_ref<const std::string&>()));
    ASSIGN_OR_RETURN(std::string rendered, RenderCustom(text, inputs, Alphabet::kUtf8));
    return Json(std::move(rendered));
  }
  Json rendered = value;
  for (auto at = rendered.begin(); value.is_structured() && at != rendered.end(); ++at) {
    ASSIGN_OR_RETURN(*at, RenderJson(Json(*at), inputs));
  }
  return rendered;
}

class CustomStrategy final : public DescribedStrategy {
 public:
  CustomStrategy()
      : DescribedStrategy("custom", "Puts secrets in headers, query, path or body by templates.",
                          custom::kConfigSchema) {}

  void Check(const Json& json, std::vector<FieldViolation>& wrong) const override {
    const ConfigReader config(json, wrong);
    for (const auto& [name, value] : config.Texts("headers")) {
      if (const std::string_view why = WrongHeaderName(name); !why.empty()) {
        wrong.push_back({"headers." + name, std::string(why)});
      } else if (const std::string_view text = WrongText(value, Alphabet::kAscii); !text.empty()) {
        wrong.push_back({"headers." + name, std::string(text)});
      }
    }
    CheckTemplates(json, wrong);
    CheckPrefix(config.Text("path_prefix"), wrong);
  }

  std::vector<SecretField> secret_fields(const Json& config) const override {
    std::vector<SecretField> fields;
    for (const std::string& name : NamesIn(config, SecretNameOf)) {
      fields.push_back({name, "{{secret." + name + "}} of the templates."});
    }
    return fields;
  }

  std::vector<std::string> data_fields(const Json& config) const override {
    const std::set<std::string> names = NamesIn(config, DataNameOf);
    return {names.begin(), names.end()};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    std::vector<FieldViolation> wrong;
    const ConfigReader config(inputs.config, wrong);
    RETURN_IF_ERROR(AddHeaders(inputs, config, request));
    RETURN_IF_ERROR(AddToUrl(inputs, config, request));
    if (!config.Has("body")) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Json members, RenderJson(inputs.config["body"], inputs));
    return AddToBody(members, request);
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeCustomStrategy() { return std::make_unique<CustomStrategy>(); }

}  // namespace penstock::connector
