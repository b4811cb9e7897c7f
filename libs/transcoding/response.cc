#include "libs/transcoding/response.h"

#include <memory>
#include <string>

#include "google/protobuf/util/json_util.h"
#include "simdjson.h"

namespace penstock::transcoding {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

google::protobuf::util::JsonPrintOptions PrintOptions() {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  return options;
}

absl::StatusOr<std::string> Print(const Message& message) {
  std::string json;
  if (google::protobuf::util::MessageToJsonString(message, &json, PrintOptions()).ok()) return json;
  return absl::InternalError("the answer can't be written as JSON");
}

// The JSON of one field. Only inside its message has every type of field a form, so it is cut out.
absl::StatusOr<std::string> PrintField(const Message& message, const FieldDescriptor& field) {
  std::unique_ptr<Message> alone(message.New());
  alone->CopyFrom(message);
  for (int i = 0; i < alone->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* other = alone->GetDescriptor()->field(i);
    if (other != &field) alone->GetReflection()->ClearField(alone.get(), other);
  }
  const absl::StatusOr<std::string> whole = Print(*alone);
  if (!whole.ok()) return whole;
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  if (parser.parse(*whole)[field.json_name()].get(json) != simdjson::SUCCESS) return "null";
  return simdjson::minify(json);
}

}  // namespace

int SuccessStatusOf(const Binding& binding) {
  if (binding.method->output_type()->field_count() == 0) return 204;
  const bool creates = std::string_view(binding.method->name()).starts_with("Create");
  return binding.http_method == http::Method::kPost && creates ? 201 : 200;
}

absl::StatusOr<http::Response> MakeResponse(const Binding& binding, const Message& response) {
  http::Response made{.status = SuccessStatusOf(binding)};
  if (made.status == 204) return made;
  absl::StatusOr<std::string> body = binding.response_field == nullptr
                                         ? Print(response)
                                         : PrintField(response, *binding.response_field);
  if (!body.ok()) return body.status();
  made.body = *std::move(body);
  return made;
}

}  // namespace penstock::transcoding
