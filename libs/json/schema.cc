#include "libs/json/schema.h"

#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"

// Without this the library ends the process where it would throw.
#define VALIJSON_USE_EXCEPTIONS 1
#include "valijson/adapters/nlohmann_json_adapter.hpp"
#include "valijson/schema.hpp"
#include "valijson/schema_parser.hpp"
#include "valijson/validator.hpp"

namespace penstock::json {
namespace {

using Value = nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

// Keywords that the validator can't be trusted with, wherever they stand as a keyword.
std::optional<std::string> FindRefused(const Value& schema, bool names_are_properties = false) {
  if (schema.is_array()) {
    for (const Value& item : schema) {
      if (std::optional<std::string> found = FindRefused(item)) return found;
    }
  }
  if (!schema.is_object()) return std::nullopt;
  for (const auto& [name, value] : schema.items()) {
    if (!names_are_properties && (name == "pattern" || name == "patternProperties" ||
                                  name == "format" || name == "$ref")) {
      return name;
    }
    // What stands there is data.
    if (!names_are_properties &&
        (name == "default" || name == "examples" || name == "const" || name == "enum")) {
      continue;
    }
    const bool properties = !names_are_properties && name == "properties";
    if (std::optional<std::string> found = FindRefused(value, properties)) return found;
  }
  return std::nullopt;
}

// "<root>", "[cases]", "[0]" → "cases[0]".
std::string PathOf(const std::vector<std::string>& context) {
  std::string path;
  for (size_t i = 1; i < context.size(); ++i) {
    std::string_view step = context[i];
    const bool index = step.size() > 2 && step.find_first_not_of("[]0123456789") == step.npos;
    if (index) {
      path += step;
    } else {
      path += fmt::format("{}{}", path.empty() ? "" : ".", step.substr(1, step.size() - 2));
    }
  }
  return path;
}

// The part of `schema` that speaks about the value at `context`; null when not found by simple means.
const Value* SchemaAt(const Value& schema, const std::vector<std::string>& context) {
  const Value* at = &schema;
  for (size_t i = 1; i < context.size(); ++i) {
    const std::string name = context[i].substr(1, context[i].size() - 2);
    const auto properties = at->find("properties");
    if (properties != at->end() && properties->contains(name)) {
      at = &(*properties)[name];
    } else if (at->contains("items")) {
      at = &(*at)["items"];
    } else if (at->contains("additionalProperties")) {
      at = &(*at)["additionalProperties"];
    } else {
      return nullptr;
    }
    if (!at->is_object()) return nullptr;
  }
  return at;
}

std::string Listed(const Value& values) {
  if (!values.is_array()) return values.is_string() ? values.get<std::string>() : values.dump();
  std::string text;
  for (const Value& value : values) {
    text += fmt::format("{}{}", text.empty() ? "" : " or ",
                        value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

// The word between the last pair of single quotes.
std::string_view QuotedName(std::string_view text) {
  const size_t end = text.rfind('\'');
  const size_t begin = end == text.npos ? text.npos : text.rfind('\'', end - 1);
  if (begin == text.npos) return {};
  return text.substr(begin + 1, end - begin - 1);
}

// The validator reports a failure at each level above it too; only the innermost says something.
bool OnlyRepeats(const std::string& description) {
  return description.rfind("Failed to validate", 0) == 0;
}

SchemaViolation Reworded(const Value& schema, const valijson::ValidationResults::Error& error) {
  SchemaViolation violation{PathOf(error.context), error.description};
  const std::string_view text = error.description;
  const Value* at = SchemaAt(schema, error.context);
  const auto member = [&](std::string_view name) {
    return fmt::format("{}{}{}", violation.path, violation.path.empty() ? "" : ".", name);
  };
  if (text.find("'type' constraint") != text.npos && at != nullptr && at->contains("type")) {
    violation.description = fmt::format("must be {}", Listed((*at)["type"]));
  } else if (text.find("enum values") != text.npos && at != nullptr && at->contains("enum")) {
    violation.description = fmt::format("must be {}", Listed((*at)["enum"]));
  } else if (text.find("Missing required property") != text.npos) {
    violation = {member(QuotedName(text)), "is required"};
  } else if (text.find("'additionalProperties'") != text.npos) {
    violation = {member(QuotedName(text)), "unknown field"};
  }
  return violation;
}

}  // namespace

struct Schema::Compiled {
  Value source;
  valijson::Schema schema;
};

Schema::Schema(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

absl::StatusOr<Schema> Schema::Create(const Value& schema) {
  if (std::optional<std::string> refused = FindRefused(schema)) {
    return absl::InvalidArgumentError(fmt::format("the keyword \"{}\" is not allowed", *refused));
  }
  auto compiled = std::make_unique<Compiled>();
  compiled->source = schema;
  try {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(NlohmannJsonAdapter(compiled->source), compiled->schema);
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(fmt::format("not a JSON Schema: {}", error.what()));
  }
  return Schema(std::move(compiled));
}

std::vector<SchemaViolation> Schema::Validate(const Value& value) const {
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  try {
    if (validator.validate(compiled_->schema, NlohmannJsonAdapter(value), &results)) return {};
  } catch (const std::exception& error) {
    return {{"", fmt::format("can't be checked: {}", error.what())}};
  }
  std::vector<SchemaViolation> violations;
  for (const auto& error : results) {
    if (!OnlyRepeats(error.description)) {
      violations.push_back(Reworded(compiled_->source, error));
    }
  }
  if (violations.empty()) violations.push_back({"", "does not match the schema"});
  return violations;
}

}  // namespace penstock::json
