#include "services/connector/ops/shown_answer.h"

#include <string_view>

#include "libs/json/validate.h"
#include "libs/log/utf8.h"

namespace penstock::connector {
namespace {

bool IsCookie(std::string_view name) { return name == "set-cookie" || name == "set-cookie2"; }

}  // namespace

std::map<std::string, std::string> ShownHeaders(const egress::HttpResponse& response) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : response.headers) {
    if (IsCookie(name)) continue;
    std::string& joined = headers[log::ReplaceInvalidUtf8(name)];
    joined += (joined.empty() ? "" : ", ") + log::ReplaceInvalidUtf8(value);
  }
  return headers;
}

BodyKind BodyKindOf(const std::string& body) {
  if (!body.empty() && json::Validate(body).ok()) return BodyKind::kJson;
  return log::ReplaceInvalidUtf8(body) == body ? BodyKind::kText : BodyKind::kBytes;
}

}  // namespace penstock::connector
