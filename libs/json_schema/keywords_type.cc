// "type", "enum", "const".
#include <algorithm>
#include <array>
#include <string>

#include "fmt/format.h"
#include "libs/json_schema/evaluation.h"
#include "libs/json_schema/number.h"
#include "libs/json_schema/schema_reader.h"
#include "libs/json_schema/value.h"

namespace penstock::json_schema {
namespace {

constexpr std::array<std::string_view, 7> kTypes = {"null",   "boolean", "object", "array",
                                                    "number", "string",  "integer"};

bool IsOfType(const Json& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  return value.is_number() && IsInteger(value);
}

// What a message says of the values that are allowed; cut when they are many.
std::string Listed(const std::vector<const Json*>& values) {
  constexpr size_t kMaxBytes = 200;
  std::string text;
  for (const Json* value : values) {
    // What is not UTF-8 is shown as U+FFFD.
    text += (text.empty() ? "" : " or ") +
            (value->is_string() ? value->get<std::string>()
                                : value->dump(-1, ' ', false, Json::error_handler_t::replace));
    if (text.size() > kMaxBytes) return text.substr(0, text.find_last_of(' ', kMaxBytes)) + " …";
  }
  return text;
}

class TypeRule final : public Keyword {
 public:
  TypeRule(const Node& owner, std::vector<std::string> types)
      : Keyword(owner), types_(std::move(types)) {
    for (const std::string& type : types_) {
      message_ += (message_.empty() ? "must be " : " or ") + type;
    }
  }

  bool Check(const Instance& at, Evaluation& run) const override {
    for (const std::string& type : types_) {
      if (IsOfType(at.value, type)) return true;
    }
    return run.Fail(at, owner_, "type", message_);
  }

 private:
  const std::vector<std::string> types_;
  std::string message_;
};

// "const" is an "enum" of one.
class EnumRule final : public Keyword {
 public:
  EnumRule(const Node& owner, const char* name, std::vector<const Json*> values)
      : Keyword(owner), name_(name), values_(std::move(values)) {
    for (const Json* value : values_) cost_ += 1 + Weigh(*value) / 64;
    message_ = fmt::format("must be {}", Listed(values_));
  }

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!run.Spend(cost_)) return false;
    for (const Json* value : values_) {
      if (Compare(*value, at.value) == 0) return true;
    }
    return run.Fail(at, owner_, name_, message_);
  }

 private:
  const char* const name_;
  const std::vector<const Json*> values_;
  size_t cost_ = 0;
  std::string message_;
};

void ReadType(SchemaReader& reader, const Json& type) {
  const std::vector<std::string> types = type.is_string()
                                             ? std::vector<std::string>{type.get<std::string>()}
                                             : reader.Names(type, "/type");
  for (const std::string& name : types) {
    if (std::find(kTypes.begin(), kTypes.end(), name) == kTypes.end()) {
      reader.Problem("/type", "must be null, boolean, object, array, number, string or integer");
      return;
    }
  }
  if (!types.empty()) {
    reader.Add<TypeRule>(types);
  } else if (type.is_array()) {
    reader.Problem("/type", "must name a type");
  }
}

}  // namespace

void ReadTypeKeywords(SchemaReader& reader) {
  if (const Json* type = reader.FindKeyword("type")) ReadType(reader, *type);
  if (const Json* value = reader.FindKeyword("const")) {
    reader.Add<EnumRule>("const", std::vector<const Json*>{value});
  }
  const Json* values = reader.FindKeyword("enum");
  if (values == nullptr) return;
  if (!values->is_array() || values->empty()) {
    reader.Problem("/enum", "must be an array, not an empty one");
    return;
  }
  std::vector<const Json*> allowed;
  for (const Json& value : *values) allowed.push_back(&value);
  reader.Add<EnumRule>("enum", std::move(allowed));
}

}  // namespace penstock::json_schema
