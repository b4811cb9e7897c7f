#include "services/connector/auth/custom/json_body.h"

#include <string>

#include "absl/strings/match.h"
#include "services/connector/auth/request_edit.h"

namespace penstock::connector {
namespace {

absl::Status NoObject() {
  return absl::InvalidArgumentError(
      "this connector puts secrets in the body, which must be a JSON object");
}

bool HasBody(const std::string& method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

bool IsJson(const std::string& content_type) {
  const absl::string_view type = absl::string_view(content_type).substr(0, content_type.find(';'));
  return absl::EqualsIgnoreCase(type, "application/json") ||
         absl::EndsWithIgnoreCase(type, "+json");
}

}  // namespace

absl::Status AddToBody(const Json& members, egress::HttpRequest& request) {
  const std::string* type = FindHeader(request.headers, "Content-Type");
  if (type != nullptr && !IsJson(*type)) return NoObject();
  if (request.body.empty()) {
    if (!HasBody(request.method)) return NoObject();
    request.body = "{}";
  }
  const Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return NoObject();
  std::string added;
  for (const auto& [name, value] : members.items()) {
    if (body.contains(name)) {
      return absl::InvalidArgumentError("the body has a member \"" + name +
                                        "\" already, which is for this connector to set");
    }
    added += Json(name).dump() + ":" + value.dump() + ",";
  }
  if (added.empty()) return absl::OkStatus();
  if (body.empty()) added.pop_back();
  request.body.insert(request.body.find('{') + 1, added);
  if (type == nullptr) SetHeader(request.headers, "Content-Type", "application/json");
  return absl::OkStatus();
}

}  // namespace penstock::connector
