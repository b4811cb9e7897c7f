// One way to call one RPC over HTTP: what a google.api.http annotation says, checked against the
// RPC's messages.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "libs/http/message.h"
#include "libs/transcoding/field_path.h"
#include "libs/transcoding/path_template.h"

namespace penstock::transcoding {

struct Binding {
  enum class Body : uint8_t { kNone, kAll, kField };

  const google::protobuf::MethodDescriptor* method = nullptr;
  http::Method http_method = http::Method::kOther;
  PathTemplate path;
  std::vector<FieldPath> variables = {};  // as path.variables()
  Body body = Body::kNone;
  const google::protobuf::FieldDescriptor* body_field = nullptr;      // of kField
  const google::protobuf::FieldDescriptor* response_field = nullptr;  // none = the whole response
  // Where a PATCH or PUT that names no fields says which it changes: the request's only FieldMask,
  // and the message that it is about. Null for other methods.
  const google::protobuf::FieldDescriptor* mask_field = nullptr;
  const google::protobuf::FieldDescriptor* masked_field = nullptr;

  // "/package.Service/Method"
  std::string rpc() const;
};

// The bindings of every annotated method, additional ones included; methods without annotation have
// none. INVALID_ARGUMENT names the method whose annotation is wrong.
absl::StatusOr<std::vector<Binding>> BindingsOf(const google::protobuf::ServiceDescriptor& service);

}  // namespace penstock::transcoding
