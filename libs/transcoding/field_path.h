// Names of fields inside a message: "connector.display_name", "connector.displayName",
// "query[page]".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace penstock::transcoding {

struct FieldPath {
  std::string text;  // as it is in the proto: "connector.display_name"
  // All but the last are messages that are not repeated.
  std::vector<const google::protobuf::FieldDescriptor*> fields = {};
  std::optional<std::string> map_key = std::nullopt;  // of a last field that is a map

  const google::protobuf::FieldDescriptor& leaf() const { return *fields.back(); }
};

// The field that JSON calls so: by its JSON name or its name in the proto. Null when there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& message,
                                                   std::string_view name);

// INVALID_ARGUMENT with the field named when there is no such field, or the path leads through one
// that is repeated or no message.
absl::StatusOr<FieldPath> FindFieldPath(const google::protobuf::Descriptor& message,
                                        std::string_view text);

// The message that has the leaf, made where it is missing.
google::protobuf::Message& OwnerOfLeaf(google::protobuf::Message& root, const FieldPath& path);
// The same without making anything; null when a message on the way is not there.
const google::protobuf::Message* FindOwnerOfLeaf(const google::protobuf::Message& root,
                                                 const FieldPath& path);

}  // namespace penstock::transcoding
