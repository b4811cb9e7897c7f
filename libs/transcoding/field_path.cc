#include "libs/transcoding/field_path.h"

#include "fmt/format.h"
#include "libs/status/details.h"

namespace penstock::transcoding {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* FindField(const Descriptor& message, std::string_view name) {
  const std::string text(name);
  if (const FieldDescriptor* field = message.FindFieldByName(text)) return field;
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->json_name() == text) return message.field(i);
  }
  return nullptr;
}

absl::StatusOr<FieldPath> FindFieldPath(const Descriptor& message, std::string_view text) {
  FieldPath path;
  std::string_view names = text;
  if (const size_t bracket = text.find('['); bracket != text.npos && text.ends_with(']')) {
    path.map_key = std::string(text.substr(bracket + 1, text.size() - bracket - 2));
    names = text.substr(0, bracket);
  }
  const Descriptor* inside = &message;
  while (true) {
    const size_t end = std::min(names.find('.'), names.size());
    const FieldDescriptor* field =
        inside == nullptr ? nullptr : FindField(*inside, names.substr(0, end));
    if (field == nullptr) return InvalidField(text, "there is no such field");
    if (!path.text.empty()) path.text += '.';
    path.text += field->name();
    path.fields.push_back(field);
    if (end == names.size()) break;
    if (field->is_repeated()) {
      return InvalidField(text, fmt::format("{} is repeated: nothing leads through it",
                                            std::string(field->name())));
    }
    inside = field->message_type();
    names.remove_prefix(end + 1);
  }
  if (path.map_key && !path.leaf().is_map()) return InvalidField(text, "that is no map");
  return path;
}

Message& OwnerOfLeaf(Message& root, const FieldPath& path) {
  Message* owner = &root;
  for (size_t i = 0; i + 1 < path.fields.size(); ++i) {
    owner = owner->GetReflection()->MutableMessage(owner, path.fields[i]);
  }
  return *owner;
}

const Message* FindOwnerOfLeaf(const Message& root, const FieldPath& path) {
  const Message* owner = &root;
  for (size_t i = 0; i + 1 < path.fields.size(); ++i) {
    if (!owner->GetReflection()->HasField(*owner, path.fields[i])) return nullptr;
    owner = &owner->GetReflection()->GetMessage(*owner, path.fields[i]);
  }
  return owner;
}

}  // namespace penstock::transcoding
