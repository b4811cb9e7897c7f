// Request bodies: JSON into a message, strictly.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace penstock::transcoding {

// Reads a body that is the whole message, or only one field of it. INVALID_ARGUMENT names the place
// and never repeats a value: not JSON, a field that there is not, a member named twice (also once
// by its JSON name and once by its proto name), a value that does not convert.
absl::Status ReadBody(std::string_view json, google::protobuf::Message& message);
absl::Status ReadBodyField(std::string_view json, const google::protobuf::FieldDescriptor& field,
                           google::protobuf::Message& message);

// The fields of `message` that the members of `json`, or of the object inside it that `within`
// names, stand for: what a client spelt out, null included. For bodies that were read; none when
// there is no such object.
std::vector<const google::protobuf::FieldDescriptor*> NamedFields(
    std::string_view json, const google::protobuf::FieldDescriptor* within,
    const google::protobuf::Descriptor& message);

}  // namespace penstock::transcoding
