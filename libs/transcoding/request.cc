#include "libs/transcoding/request.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/http/percent.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "libs/transcoding/field_text.h"
#include "libs/transcoding/json_body.h"

namespace penstock::transcoding {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;

constexpr size_t kMaxQueryParameters = 100;
constexpr std::string_view kEtag = "etag";

absl::Status MalformedUrl() {
  return WithReason(
      absl::InvalidArgumentError("the path or query is not properly encoded UTF-8, or "
                                 "has too many parameters"),
      "MALFORMED_URL");
}

absl::Status TakeBody(const Binding& binding, std::string_view body, Message& message) {
  switch (binding.body) {
    case Binding::Body::kNone:
      if (body.empty()) return absl::OkStatus();
      return WithReason(absl::InvalidArgumentError("this path and method take no body"),
                        "MALFORMED_BODY");
    case Binding::Body::kAll:
      return body.empty() ? absl::OkStatus() : ReadBody(body, message);
    case Binding::Body::kField:
      return body.empty() ? absl::OkStatus() : ReadBodyField(body, *binding.body_field, message);
  }
  return absl::OkStatus();
}

// Bound elsewhere: a query parameter must not say it once more.
bool IsTaken(const Binding& binding, const FieldPath& path) {
  if (binding.body_field == path.fields.front()) return true;
  return std::ranges::any_of(binding.variables,
                             [&](const FieldPath& other) { return other.fields == path.fields; });
}

absl::Status TakeParameter(const Binding& binding, std::string_view name, std::string_view value,
                           Message& message) {
  if (binding.body == Binding::Body::kAll) {
    return InvalidField(name, "this path takes its fields in the body, not in the query");
  }
  ASSIGN_OR_RETURN(const FieldPath path, FindFieldPath(*message.GetDescriptor(), name));
  if (IsTaken(binding, path)) return InvalidField(name, "it is in the path or the body already");
  return SetFromText(message, path, value);
}

absl::Status TakeVariable(const FieldPath& variable, std::string_view value, Message& message) {
  const Message* owner = FindOwnerOfLeaf(message, variable);
  const FieldDescriptor& leaf = variable.leaf();
  const bool in_body = owner != nullptr && owner->GetReflection()->HasField(*owner, &leaf);
  if (!in_body) return SetFromText(message, variable, value);
  // The path says which; a body that agrees does no harm.
  std::unique_ptr<Message> alone(message.New());
  RETURN_IF_ERROR(SetFromText(*alone, variable, value));
  google::protobuf::util::MessageDifferencer differencer;
  const std::vector<const FieldDescriptor*> only = {&leaf};
  if (differencer.CompareWithFields(*owner, *FindOwnerOfLeaf(*alone, variable), only, only)) {
    return absl::OkStatus();
  }
  return InvalidField(variable.text, "the body says another than the path");
}

// What a client spelt out is what it wants to change; an etag is what it wants it to be before
// (AIP-154).
void FillMask(const Binding& binding, std::string_view body, Message& message) {
  if (binding.mask_field == nullptr) return;
  FieldMask& mask = dynamic_cast<FieldMask&>(
      *message.GetReflection()->MutableMessage(&message, binding.mask_field));
  if (mask.paths_size() > 0) return;
  const FieldDescriptor* within =
      binding.body == Binding::Body::kAll ? binding.masked_field : nullptr;
  for (const FieldDescriptor* field :
       NamedFields(body, within, *binding.masked_field->message_type())) {
    const bool is_in_path = std::ranges::any_of(
        binding.variables, [&](const FieldPath& other) { return &other.leaf() == field; });
    if (!is_in_path && field->name() != kEtag) mask.add_paths(field->name());
  }
  if (mask.paths_size() == 0) message.GetReflection()->ClearField(&message, binding.mask_field);
}

void Collect(const absl::Status& status, std::vector<FieldViolation>& violations) {
  for (FieldViolation& violation : ViolationsOf(status)) violations.push_back(std::move(violation));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> MakeRequest(const Binding& binding,
                                                     const RequestParts& parts) {
  const std::optional<http::QueryParameters> query =
      http::ParseQuery(parts.query, kMaxQueryParameters);
  if (!query) return MalformedUrl();
  const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(
      binding.method->input_type());
  std::unique_ptr<Message> message(prototype->New());
  RETURN_IF_ERROR(TakeBody(binding, parts.body, *message));
  std::vector<FieldViolation> violations;
  for (const auto& [name, value] : *query) {
    Collect(TakeParameter(binding, name, value, *message), violations);
  }
  for (size_t i = 0; i < binding.variables.size(); ++i) {
    const std::optional<std::string> value =
        DecodeVariable(parts.path_values[i], binding.path.variables()[i].is_multi);
    if (!value) return MalformedUrl();
    Collect(TakeVariable(binding.variables[i], *value, *message), violations);
  }
  if (!violations.empty()) return BadRequest(violations);
  FillMask(binding, parts.body, *message);
  return message;
}

}  // namespace penstock::transcoding
