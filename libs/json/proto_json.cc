#include "libs/json/proto_json.h"

#include <charconv>
#include <cmath>
#include <map>

#include "libs/json/quote.h"
#include "libs/json/validate.h"
#include "libs/status/macros.h"
#include "simdjson.h"

namespace penstock::json {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Value;

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53

absl::Status TooDeep() { return absl::InvalidArgumentError("nested deeper than " + std::to_string(kMaxDepth) + " levels"); }

absl::Status AppendNumber(double number, std::string& out) {
  if (!std::isfinite(number)) return absl::InvalidArgumentError("NaN and infinity are not JSON");
  char buffer[32];
  bool whole = std::trunc(number) == number && std::abs(number) <= kExactIntegers;
  // -0.0 is written as a whole number; JSON readers take both for zero.
  auto [end, error] = whole ? std::to_chars(buffer, buffer + sizeof(buffer), static_cast<int64_t>(number))
                            : std::to_chars(buffer, buffer + sizeof(buffer), number);
  out.append(buffer, end);
  return absl::OkStatus();
}

absl::Status Append(const Value& value, int depth, std::string& out);

absl::Status Append(const Struct& value, int depth, std::string& out) {
  if (depth >= kMaxDepth) return TooDeep();
  // Sorted, so that equal values give equal text whatever the order of a hash map.
  std::map<std::string_view, const Value*> fields;
  for (const auto& [name, field] : value.fields()) fields.emplace(name, &field);
  char separator = '{';
  for (const auto& [name, field] : fields) {
    out += separator;
    separator = ',';
    AppendQuoted(out, name);
    out += ':';
    RETURN_IF_ERROR(Append(*field, depth + 1, out));
  }
  out += fields.empty() ? "{}" : "}";
  return absl::OkStatus();
}

absl::Status Append(const ListValue& value, int depth, std::string& out) {
  if (depth >= kMaxDepth) return TooDeep();
  out += '[';
  for (int i = 0; i < value.values_size(); ++i) {
    if (i > 0) out += ',';
    RETURN_IF_ERROR(Append(value.values(i), depth + 1, out));
  }
  out += ']';
  return absl::OkStatus();
}

absl::Status Append(const Value& value, int depth, std::string& out) {
  switch (value.kind_case()) {
    case Value::kNumberValue: return AppendNumber(value.number_value(), out);
    case Value::kStringValue: AppendQuoted(out, value.string_value()); return absl::OkStatus();
    case Value::kBoolValue: out += value.bool_value() ? "true" : "false"; return absl::OkStatus();
    case Value::kStructValue: return Append(value.struct_value(), depth, out);
    case Value::kListValue: return Append(value.list_value(), depth, out);
    default: out += "null"; return absl::OkStatus();
  }
}

void Read(simdjson::dom::element element, Value& value);

void Read(simdjson::dom::object object, Struct& value) {
  auto& fields = *value.mutable_fields();
  for (auto [name, field] : object) Read(field, fields[std::string(name)]);
}

// The text was parsed, so no element is of another type than it says.
void Read(simdjson::dom::element element, Value& value) {
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT: Read(element.get_object().value_unsafe(), *value.mutable_struct_value()); return;
    case simdjson::dom::element_type::ARRAY: {
      ListValue& list = *value.mutable_list_value();
      const simdjson::dom::array items = element.get_array().value_unsafe();
      for (simdjson::dom::element item : items) Read(item, *list.add_values());
      return;
    }
    case simdjson::dom::element_type::STRING: value.set_string_value(std::string(element.get_string().value_unsafe())); return;
    case simdjson::dom::element_type::BOOL: value.set_bool_value(element.get_bool().value_unsafe()); return;
    case simdjson::dom::element_type::NULL_VALUE: value.set_null_value(google::protobuf::NULL_VALUE); return;
    default: value.set_number_value(element.get_double().value_unsafe()); return;
  }
}

absl::StatusOr<simdjson::dom::element> Parse(std::string_view text, simdjson::dom::parser& parser) {
  simdjson::dom::element element;
  if (auto error = parser.parse(text.data(), text.size()).get(element); error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(std::string("not valid JSON: ") + simdjson::error_message(error));
  }
  return element;
}

template <typename Message>
absl::StatusOr<std::string> Checked(const Message& value) {
  std::string text;
  RETURN_IF_ERROR(Append(value, 0, text));
  // Protobuf does not always check UTF-8 of what was built in memory.
  RETURN_IF_ERROR(Validate(text));
  return text;
}

}  // namespace

absl::StatusOr<std::string> FromProto(const Value& value) { return Checked(value); }
absl::StatusOr<std::string> FromProto(const Struct& value) { return Checked(value); }

absl::Status ToProto(std::string_view text, Value& value) {
  simdjson::dom::parser parser;
  ASSIGN_OR_RETURN(simdjson::dom::element element, Parse(text, parser));
  Read(element, value);
  return absl::OkStatus();
}

absl::Status ToProto(std::string_view text, Struct& value) {
  simdjson::dom::parser parser;
  ASSIGN_OR_RETURN(simdjson::dom::element element, Parse(text, parser));
  simdjson::dom::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS) return absl::InvalidArgumentError("must be a JSON object");
  Read(object, value);
  return absl::OkStatus();
}

}  // namespace penstock::json
