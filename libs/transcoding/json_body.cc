#include "libs/transcoding/json_body.h"

#include <set>
#include <string>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "libs/json/quote.h"
#include "libs/json/validate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "libs/transcoding/field_path.h"
#include "simdjson.h"

namespace penstock::transcoding {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kWellKnown = "google.protobuf.";

// Null where members are data, or JSON has a form of its own: only what comes twice is looked for
// there.
const Descriptor* FieldsOf(const FieldDescriptor& field) {
  const Descriptor* type =
      field.is_map() ? field.message_type()->map_value()->message_type() : field.message_type();
  if (type == nullptr || std::string_view(type->full_name()).starts_with(kWellKnown))
    return nullptr;
  return type;
}

std::string Join(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

// Looks for members that are unknown or come twice, at any depth. protobuf takes the last of two
// and says little about where it stopped.
class Checker {
 public:
  // `fields` null = any member.
  absl::Status Check(simdjson::dom::element value, const Descriptor* fields,
                     const std::string& path) const {
    if (value.is_array()) {
      size_t index = 0;
      const simdjson::dom::array items = value.get_array().value_unsafe();
      for (simdjson::dom::element item : items) {
        RETURN_IF_ERROR(Check(item, fields, fmt::format("{}[{}]", path, index++)));
      }
      return absl::OkStatus();
    }
    if (!value.is_object()) return absl::OkStatus();
    const simdjson::dom::object object = value.get_object().value_unsafe();
    return fields == nullptr ? CheckData(object, path) : CheckFields(object, *fields, path);
  }

 private:
  static absl::Status Twice(const std::string& path) {
    return InvalidField(path, "it comes twice");
  }

  absl::Status CheckData(simdjson::dom::object object, const std::string& path) const {
    std::set<std::string_view> seen;
    for (auto [name, value] : object) {
      if (!seen.insert(name).second) return Twice(Join(path, name));
      RETURN_IF_ERROR(Check(value, nullptr, Join(path, name)));
    }
    return absl::OkStatus();
  }

  absl::Status CheckFields(simdjson::dom::object object, const Descriptor& fields,
                           const std::string& path) const {
    std::set<const FieldDescriptor*> seen;
    for (auto [name, value] : object) {
      const FieldDescriptor* field = FindField(fields, name);
      if (field == nullptr) return InvalidField(Join(path, name), "there is no such field");
      const std::string inner = Join(path, field->name());
      if (!seen.insert(field).second) return Twice(inner);
      RETURN_IF_ERROR(field->is_map() ? CheckMap(value, FieldsOf(*field), inner)
                                      : Check(value, FieldsOf(*field), inner));
    }
    return absl::OkStatus();
  }

  absl::Status CheckMap(simdjson::dom::element value, const Descriptor* fields,
                        const std::string& path) const {
    if (!value.is_object()) return absl::OkStatus();
    std::set<std::string_view> seen;
    const simdjson::dom::object entries = value.get_object().value_unsafe();
    for (auto [key, entry] : entries) {
      if (!seen.insert(key).second) return Twice(Join(path, key));
      RETURN_IF_ERROR(Check(entry, fields, Join(path, key)));
    }
    return absl::OkStatus();
  }
};

absl::StatusOr<simdjson::dom::element> Parse(std::string_view json, simdjson::dom::parser& parser) {
  if (absl::Status valid = json::Validate(json); !valid.ok()) {
    return WithReason(WithContext(valid, "the body is no JSON that is taken here"),
                      "MALFORMED_BODY");
  }
  return parser.parse(json.data(), json.size()).value();
}

// protobuf's words are "(connector.timeout): invalid value \"...\" for type ...": the place is told
// on, the value is not.
absl::Status NotConverted(std::string_view words) {
  std::string place;
  if (const size_t end = words.find(')'); words.starts_with('(') && end != words.npos) {
    place = words.substr(1, end - 1);
  }
  constexpr std::string_view kWhy = "the value does not fit the field's type";
  if (!place.empty() && place.find_first_of("\"' ") == place.npos) return InvalidField(place, kWhy);
  return WithReason(
      absl::InvalidArgumentError("a value in the body does not fit its field, or nests too deep"),
      "MALFORMED_BODY");
}

absl::Status Convert(std::string_view json, Message& message) {
  google::protobuf::util::JsonParseOptions strict;
  strict.ignore_unknown_fields = false;
  const auto status =
      google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, &message, strict);
  if (status.ok()) return absl::OkStatus();
  const std::string words(status.message().data(), status.message().size());
  return NotConverted(words);
}

absl::Status NoObject() {
  return WithReason(absl::InvalidArgumentError("the body must be a JSON object"), "MALFORMED_BODY");
}

}  // namespace

absl::Status ReadBody(std::string_view json, Message& message) {
  simdjson::dom::parser parser;
  ASSIGN_OR_RETURN(const simdjson::dom::element body, Parse(json, parser));
  if (!body.is_object()) return NoObject();
  RETURN_IF_ERROR(Checker().Check(body, message.GetDescriptor(), ""));
  return Convert(json, message);
}

absl::Status ReadBodyField(std::string_view json, const FieldDescriptor& field, Message& message) {
  simdjson::dom::parser parser;
  ASSIGN_OR_RETURN(const simdjson::dom::element body, Parse(json, parser));
  if (FieldsOf(field) != nullptr && !field.is_repeated() && !body.is_object()) return NoObject();
  // The field's own JSON, in the only place where its form is the same for every type.
  std::string whole = "{";
  json::AppendQuoted(whole, field.json_name());
  whole.append(":").append(json).append("}");
  simdjson::dom::parser whole_parser;
  const simdjson::dom::element wrapped = whole_parser.parse(whole).value();
  RETURN_IF_ERROR(Checker().Check(wrapped, message.GetDescriptor(), ""));
  return Convert(whole, message);
}

std::vector<const FieldDescriptor*> NamedFields(std::string_view json,
                                                const FieldDescriptor* within,
                                                const Descriptor& message) {
  simdjson::dom::parser parser;
  simdjson::dom::element body;
  if (parser.parse(json.data(), json.size()).get(body) != simdjson::SUCCESS) return {};
  simdjson::dom::object object;
  if (body.get_object().get(object) != simdjson::SUCCESS) return {};
  if (within != nullptr) {
    simdjson::dom::object inner;
    if (object[within->json_name()].get_object().get(inner) != simdjson::SUCCESS &&
        object[within->name()].get_object().get(inner) != simdjson::SUCCESS) {
      return {};
    }
    object = inner;
  }
  std::vector<const FieldDescriptor*> fields;
  for (auto [name, value] : object) {
    if (const FieldDescriptor* field = FindField(message, name)) fields.push_back(field);
  }
  return fields;
}

}  // namespace penstock::transcoding
