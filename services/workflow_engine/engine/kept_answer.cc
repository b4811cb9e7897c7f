#include "services/workflow_engine/engine/kept_answer.h"

#include <string>
#include <utility>

#include "nlohmann/json.hpp"

namespace penstock::workflow_engine {
namespace {

using Json = nlohmann::json;

bool IsText(std::string_view output) { return !output.empty() && output.front() == '"'; }

std::string_view PlainType(std::string_view output) { return IsText(output) ? kTextContentType : kJsonContentType; }

}  // namespace

Text AnswerHead(const Complete::Response& response, std::string_view output) {
  if (response.http_status == 200 && response.headers.empty() && response.content_type == PlainType(output)) return nullptr;
  return MakeText(Json{{"status", response.http_status}, {"contentType", response.content_type}, {"headers", response.headers}}.dump());
}

Complete::Response KeptAnswer(std::string_view output, const Text& head) {
  Complete::Response response{.http_status = 200,
                              .content_type = std::string(PlainType(output)),
                              .body = IsText(output) ? Json::parse(output).get<std::string>() : std::string(output),
                              .headers = {}};
  if (!head) return response;
  Json kept = Json::parse(*head);
  response.http_status = kept.at("status").get<int>();
  response.content_type = kept.at("contentType").get<std::string>();
  response.headers = kept.at("headers").get<decltype(response.headers)>();
  return response;
}

}  // namespace penstock::workflow_engine
