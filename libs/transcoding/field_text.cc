#include "libs/transcoding/field_text.h"

#include <charconv>
#include <cmath>
#include <string>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/field_mask_util.h"
#include "google/protobuf/util/time_util.h"
#include "libs/status/details.h"

namespace penstock::transcoding {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Where one value goes: into a field, or as one more of a repeated one.
struct Slot {
  Message& owner;
  const FieldDescriptor& field;
  const Reflection& reflection = *owner.GetReflection();
};

#define PENSTOCK_STORE(Suffix, value)                                                      \
  (slot.field.is_repeated() ? slot.reflection.Add##Suffix(&slot.owner, &slot.field, value) \
                            : slot.reflection.Set##Suffix(&slot.owner, &slot.field, value))

// Whether `text` is wholly one number of this type.
template <typename Number>
bool ReadNumber(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

template <typename Real>
bool ReadReal(std::string_view text, Real& number) {
  return ReadNumber(text, number) && std::isfinite(number);
}

bool ReadBytes(std::string_view text, std::string& bytes) {
  const absl::string_view encoded(text.data(), text.size());
  return absl::Base64Unescape(encoded, &bytes) || absl::WebSafeBase64Unescape(encoded, &bytes);
}

const EnumValueDescriptor* ReadEnum(const FieldDescriptor& field, std::string_view text) {
  int number = 0;
  if (ReadNumber(text, number)) return field.enum_type()->FindValueByNumber(number);
  return field.enum_type()->FindValueByName(std::string(text));
}

// Empty when the value was taken, else what would have been right.
std::string_view StoreScalar(const Slot& slot, std::string_view text) {
  switch (slot.field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      if (int32_t value; ReadNumber(text, value)) return PENSTOCK_STORE(Int32, value), "";
      return "it must be a whole number of 32 bits";
    case FieldDescriptor::CPPTYPE_INT64:
      if (int64_t value; ReadNumber(text, value)) return PENSTOCK_STORE(Int64, value), "";
      return "it must be a whole number of 64 bits";
    case FieldDescriptor::CPPTYPE_UINT32:
      if (uint32_t value; ReadNumber(text, value)) return PENSTOCK_STORE(UInt32, value), "";
      return "it must be a whole number of 32 bits, not negative";
    case FieldDescriptor::CPPTYPE_UINT64:
      if (uint64_t value; ReadNumber(text, value)) return PENSTOCK_STORE(UInt64, value), "";
      return "it must be a whole number of 64 bits, not negative";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      if (double value; ReadReal(text, value)) return PENSTOCK_STORE(Double, value), "";
      return "it must be a number";
    case FieldDescriptor::CPPTYPE_FLOAT:
      if (float value; ReadReal(text, value)) return PENSTOCK_STORE(Float, value), "";
      return "it must be a number";
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text == "true" || text == "false") return PENSTOCK_STORE(Bool, text == "true"), "";
      return "it must be true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      if (const auto* value = ReadEnum(slot.field, text)) return PENSTOCK_STORE(Enum, value), "";
      return "it must be the name or number of a value of the enum";
    default: {
      std::string value(text);
      const bool is_bytes = slot.field.type() == FieldDescriptor::TYPE_BYTES;
      if (is_bytes && !ReadBytes(text, value)) return "it must be base64";
      return PENSTOCK_STORE(String, std::move(value)), "";
    }
  }
}

#undef PENSTOCK_STORE

// JSON writes masks in camel case; the proto's own names are taken as well.
bool ReadMask(const std::string& text, google::protobuf::FieldMask& mask) {
  using google::protobuf::util::FieldMaskUtil;
  if (text.find('_') == text.npos) return FieldMaskUtil::FromJsonString(text, &mask);
  FieldMaskUtil::FromString(text, &mask);
  return true;
}

constexpr std::string_view kNotText = "it is a message: name a field of it, or use the body";

// The messages whose JSON is text.
std::string_view StoreMessage(Message& message, std::string_view text) {
  using google::protobuf::util::TimeUtil;
  const std::string value(text);
  if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(&message)) {
    return TimeUtil::FromString(value, time) ? "" : "it must be a time as in RFC 3339";
  }
  if (auto* duration = dynamic_cast<google::protobuf::Duration*>(&message)) {
    return TimeUtil::FromString(value, duration) ? "" : "it must be seconds, as in \"1.5s\"";
  }
  if (auto* mask = dynamic_cast<google::protobuf::FieldMask*>(&message)) {
    return ReadMask(value, *mask) ? "" : "it must be names of fields with commas between";
  }
  const bool is_wrapper =
      message.GetDescriptor()->file()->name() == "google/protobuf/wrappers.proto";
  if (!is_wrapper) return kNotText;
  return StoreScalar({message, *message.GetDescriptor()->FindFieldByName("value")}, text);
}

absl::Status Refuse(const FieldPath& path, std::string_view why) {
  const std::string field =
      path.map_key ? fmt::format("{}[{}]", path.text, *path.map_key) : path.text;
  return InvalidField(field, why);
}

absl::Status AddToMap(Message& owner, const FieldPath& path, std::string_view text) {
  const FieldDescriptor& map = path.leaf();
  const FieldDescriptor& value = *map.message_type()->map_value();
  if (!path.map_key) return Refuse(path, "it is a map: name a key, as in name[key]=value");
  if (value.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return Refuse(path, kNotText);
  const Reflection& reflection = *owner.GetReflection();
  Message& entry = *reflection.AddMessage(&owner, &map);
  std::string_view wrong = StoreScalar({entry, *map.message_type()->map_key()}, *path.map_key);
  if (wrong.empty()) wrong = StoreScalar({entry, value}, text);
  return wrong.empty() ? absl::OkStatus() : Refuse(path, wrong);
}

}  // namespace

absl::Status SetFromText(Message& root, const FieldPath& path, std::string_view text) {
  Message& owner = OwnerOfLeaf(root, path);
  const FieldDescriptor& field = path.leaf();
  if (field.is_map()) return AddToMap(owner, path, text);
  const Reflection& reflection = *owner.GetReflection();
  if (!field.is_repeated() && reflection.HasField(owner, &field)) {
    return Refuse(path, "it is given twice");
  }
  std::string_view wrong;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    wrong = StoreScalar({owner, field}, text);
  } else if (field.is_repeated()) {
    wrong = "messages can't be repeated here: use the body";
  } else {
    wrong = StoreMessage(*reflection.MutableMessage(&owner, &field), text);
  }
  return wrong.empty() ? absl::OkStatus() : Refuse(path, wrong);
}

}  // namespace penstock::transcoding
