#include "services/connector/openapi/request.h"

#include <map>
#include <string_view>

#include "libs/json_schema/pointer.h"
#include "libs/status/details.h"
#include "services/connector/openapi/path_template.h"
#include "services/connector/openapi/payload.h"
#include "services/connector/openapi/serialize.h"

namespace penstock::connector::openapi {
namespace {

using Json = nlohmann::json;
using Wrong = std::vector<FieldViolation>;

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

// "payload.body", "/items/0" → "payload.body.items[0]".
std::string FieldBelow(const std::string& field, const std::string& pointer) {
  const std::string path = json_schema::FieldPath(pointer);
  return field + (path.empty() || path[0] == '[' ? "" : ".") + path;
}

bool Fits(const SchemaAt& schema, const Json& value, const std::string& field, Wrong& wrong) {
  if (!schema.compiled) return true;
  const std::vector<json_schema::Violation> violations = schema.compiled->Validate(value);
  for (const json_schema::Violation& violation : violations) {
    wrong.push_back({FieldBelow(field, violation.instance_path), violation.message});
  }
  return violations.empty();
}

class RequestBuilder {
 public:
  explicit RequestBuilder(const Operation& operation) : operation_(operation) {
    request_.method = operation.method;
  }

  void Add(const Argument& argument);
  void AddBody(const Payload& payload);
  absl::StatusOr<StructuredRequest> Finish();

  Wrong& wrong() { return wrong_; }

 private:
  template <typename T, typename Take>
  void Put(const Argument& argument, absl::StatusOr<T> written, Take&& take) {
    if (written.ok()) {
      take(*std::move(written));
    } else {
      wrong_.push_back({argument.field, MessageOf(written.status())});
    }
  }

  const Operation& operation_;
  StructuredRequest request_;
  std::map<std::string, std::string> path_values_;
  Wrong wrong_;
};

void RequestBuilder::Add(const Argument& argument) {
  const Parameter& parameter = *argument.parameter;
  if (!Fits(parameter.schema, *argument.value, argument.field, wrong_)) return;
  switch (parameter.place) {
    case ParameterPlace::kPath:
      return Put(argument, PathText(parameter, *argument.value), [&](std::string text) {
        if (text.empty()) wrong_.push_back({argument.field, "must not be empty"});
        path_values_[parameter.name] = std::move(text);
      });
    case ParameterPlace::kQuery:
      return Put(argument, QueryPairs(parameter, *argument.value), [&](Pairs pairs) {
        request_.query.insert(request_.query.end(), pairs.begin(), pairs.end());
      });
    case ParameterPlace::kHeader:
      return Put(argument, HeaderText(parameter, *argument.value), [&](std::string text) {
        request_.headers.emplace_back(parameter.name, std::move(text));
      });
  }
}

void RequestBuilder::AddBody(const Payload& payload) {
  if (!payload.body || !operation_.body) return;
  const RequestBody& body = *operation_.body;
  if (!Fits(body.schema, *payload.body, payload.body_field, wrong_)) return;
  absl::StatusOr<std::string> text = BodyText(body.format, *payload.body);
  if (!text.ok()) {
    wrong_.push_back({payload.body_field, MessageOf(text.status())});
    return;
  }
  request_.body = *std::move(text);
  request_.content_type = body.content_type;
}

absl::StatusOr<StructuredRequest> RequestBuilder::Finish() {
  if (!wrong_.empty()) return BadRequest(wrong_);
  absl::StatusOr<std::string> path = FillIn(operation_.path, path_values_);
  if (!path.ok()) return InvalidField("payload", MessageOf(path.status()));
  request_.resource_path = *std::move(path);
  return std::move(request_);
}

}  // namespace

absl::StatusOr<StructuredRequest> BuildRequest(const Operation& operation, const Json& payload) {
  RequestBuilder builder(operation);
  const Payload taken = TakeApart(operation, payload, builder.wrong());
  for (const Argument& argument : taken.arguments) builder.Add(argument);
  builder.AddBody(taken);
  return builder.Finish();
}

}  // namespace penstock::connector::openapi
