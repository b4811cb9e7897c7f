#include "libs/transcoding/binding.h"

#include <utility>

#include "fmt/format.h"
#include "google/api/annotations.pb.h"
#include "libs/status/macros.h"

namespace penstock::transcoding {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

constexpr char kFieldMask[] = "google.protobuf.FieldMask";

absl::Status Wrong(const MethodDescriptor& method, std::string_view what) {
  return absl::InvalidArgumentError(
      fmt::format("google.api.http of {}: {}", method.full_name(), what));
}

absl::StatusOr<std::pair<http::Method, std::string>> PatternOf(const MethodDescriptor& method,
                                                               const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return std::pair(http::Method::kGet, rule.get());
    case HttpRule::kPut:
      return std::pair(http::Method::kPut, rule.put());
    case HttpRule::kPost:
      return std::pair(http::Method::kPost, rule.post());
    case HttpRule::kDelete:
      return std::pair(http::Method::kDelete, rule.delete_());
    case HttpRule::kPatch:
      return std::pair(http::Method::kPatch, rule.patch());
    default:
      return Wrong(method, "it needs one of get, put, post, delete and patch");
  }
}

bool IsPathValue(const FieldDescriptor& field) {
  return !field.is_repeated() && field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE;
}

absl::Status BindVariables(Binding& binding) {
  for (const PathVariable& variable : binding.path.variables()) {
    absl::StatusOr<FieldPath> path =
        FindFieldPath(*binding.method->input_type(), variable.field_path);
    if (!path.ok()) {
      const std::string why(path.status().message());
      return Wrong(*binding.method, why);
    }
    if (!IsPathValue(path->leaf())) {
      return Wrong(*binding.method,
                   fmt::format("{} is repeated or a message and can't be part of a path",
                               variable.field_path));
    }
    binding.variables.push_back(*std::move(path));
  }
  return absl::OkStatus();
}

absl::Status BindBodies(const HttpRule& rule, Binding& binding) {
  const bool has_body =
      binding.http_method != http::Method::kGet && binding.http_method != http::Method::kDelete;
  if (!rule.body().empty() && !has_body)
    return Wrong(*binding.method, "GET and DELETE take no body");
  if (rule.body() == "*") {
    binding.body = Binding::Body::kAll;
  } else if (!rule.body().empty()) {
    binding.body = Binding::Body::kField;
    binding.body_field = binding.method->input_type()->FindFieldByName(rule.body());
    if (binding.body_field == nullptr) {
      return Wrong(*binding.method, fmt::format("body: there is no field {}", rule.body()));
    }
  }
  if (rule.response_body().empty()) return absl::OkStatus();
  binding.response_field = binding.method->output_type()->FindFieldByName(rule.response_body());
  if (binding.response_field == nullptr) {
    return Wrong(*binding.method,
                 fmt::format("response_body: there is no field {}", rule.response_body()));
  }
  return absl::OkStatus();
}

// The message that a mask is about is the body, or else the one that the path leads into
// ("{connector.id}").
const FieldDescriptor* MaskedFieldOf(const Binding& binding) {
  if (binding.body == Binding::Body::kField) {
    const FieldDescriptor* field = binding.body_field;
    return field->message_type() != nullptr && !field->is_repeated() ? field : nullptr;
  }
  for (const FieldPath& variable : binding.variables) {
    if (variable.fields.size() > 1) return variable.fields.front();
  }
  return nullptr;
}

void BindMask(Binding& binding) {
  if (binding.http_method != http::Method::kPatch && binding.http_method != http::Method::kPut)
    return;
  const Descriptor& request = *binding.method->input_type();
  const FieldDescriptor* mask = nullptr;
  for (int i = 0; i < request.field_count(); ++i) {
    const FieldDescriptor* field = request.field(i);
    if (field->message_type() == nullptr || field->message_type()->full_name() != kFieldMask ||
        field->is_repeated()) {
      continue;
    }
    if (mask != nullptr) return;
    mask = field;
  }
  const FieldDescriptor* masked = MaskedFieldOf(binding);
  if (mask == nullptr || masked == nullptr) return;
  binding.mask_field = mask;
  binding.masked_field = masked;
}

absl::StatusOr<Binding> BindingOf(const MethodDescriptor& method, const HttpRule& rule) {
  if (method.client_streaming() || method.server_streaming()) {
    return Wrong(method, "streams can't be called over HTTP");
  }
  ASSIGN_OR_RETURN(auto pattern, PatternOf(method, rule));
  absl::StatusOr<PathTemplate> path = PathTemplate::Parse(pattern.second);
  if (!path.ok()) {
    const std::string why(path.status().message());
    return Wrong(method, why);
  }
  Binding binding{.method = &method, .http_method = pattern.first, .path = *std::move(path)};
  RETURN_IF_ERROR(BindVariables(binding));
  RETURN_IF_ERROR(BindBodies(rule, binding));
  BindMask(binding);
  return binding;
}

}  // namespace

std::string Binding::rpc() const {
  return fmt::format("/{}/{}", method->service()->full_name(), method->name());
}

absl::StatusOr<std::vector<Binding>> BindingsOf(
    const google::protobuf::ServiceDescriptor& service) {
  std::vector<Binding> bindings;
  for (int i = 0; i < service.method_count(); ++i) {
    const MethodDescriptor& method = *service.method(i);
    if (!method.options().HasExtension(google::api::http)) continue;
    const HttpRule& rule = method.options().GetExtension(google::api::http);
    ASSIGN_OR_RETURN(Binding binding, BindingOf(method, rule));
    bindings.push_back(std::move(binding));
    for (const HttpRule& additional : rule.additional_bindings()) {
      if (additional.additional_bindings_size() > 0) {
        return Wrong(method, "additional bindings have none of their own");
      }
      ASSIGN_OR_RETURN(Binding further, BindingOf(method, additional));
      bindings.push_back(std::move(further));
    }
  }
  return bindings;
}

}  // namespace penstock::transcoding
