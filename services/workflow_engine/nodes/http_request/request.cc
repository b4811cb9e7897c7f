#include "services/workflow_engine/nodes/http_request/request.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::workflow_engine {
namespace {

// RFC 3986's unreserved characters stand for themselves.
std::string PercentEncoded(std::string_view text) {
  std::string out;
  for (char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

bool HasHeader(const std::vector<std::pair<std::string, std::string>>& headers,
               const char* name) {
  return std::ranges::any_of(
      headers, [&](const auto& header) { return absl::EqualsIgnoreCase(header.first, name); });
}

bool IsHttpUrl(std::string_view url) {
  const auto begins = [&](const char* scheme) {
    return absl::StartsWithIgnoreCase(absl::string_view(url.data(), url.size()), scheme);
  };
  return (begins("http://") || begins("https://")) && std::ranges::all_of(url, [](char c) {
           return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
         });
}

absl::Status BadUrl() {
  return absl::InvalidArgumentError(
      "the url must begin with http:// or https:// and hold no blanks or control characters");
}

}  // namespace

RequestTemplate RequestTemplate::Parse(const Json& config, std::vector<Problem>& problems) {
  TemplateReader reader(problems);
  RequestTemplate request;
  request.method_ = config.value("method", "GET");
  const std::string url = config["url"];
  request.url_ = reader.Text("config.url", url);
  const bool begins_with_hole = url.rfind("{{", 0) == 0;
  if (!begins_with_hole && !IsHttpUrl(url.substr(0, url.find("{{")))) {
    problems.push_back({"", "config.url", std::string(BadUrl().message())});
  }
  if (config.contains("headers")) {
    request.headers_ = reader.Headers("config.headers", config["headers"]);
  }
  if (config.contains("query")) {
    for (const auto& [name, value] : config["query"].items()) {
      request.query_.emplace_back(name,
                                  reader.Text("config.query." + name, value.get<std::string>()));
    }
  }
  if (config.contains("body")) {
    const Json& body = config["body"];
    if (request.method_ == "GET" || request.method_ == "HEAD") {
      problems.push_back({"", "config.body", "is not for " + request.method_});
    } else if (body.is_string()) {
      request.text_body_ = reader.Text("config.body", body.get<std::string>());
    } else {
      request.json_body_ = reader.Value("config.body", body);
    }
  }
  request.timeout_ = absl::Seconds(config.value("timeout_seconds", 15.0));
  request.max_response_bytes_ = config.value("max_response_bytes", request.max_response_bytes_);
  request.max_redirects_ = config.value("max_redirects", request.max_redirects_);
  request.send_key_ = config.value("idempotency_key", true);
  return request;
}

absl::StatusOr<PerformHttp> RequestTemplate::Render(const NodeContext& context) const {
  PerformHttp request;
  request.method = method_;
  ASSIGN_OR_RETURN(request.url, url_.RenderEscaped(context, PercentEncoded));
  if (!IsHttpUrl(request.url)) return BadUrl();
  // The query goes before a fragment, which is not sent anyway.
  request.url.resize(std::min(request.url.size(), request.url.find('#')));
  for (const auto& [name, value] : query_) {
    ASSIGN_OR_RETURN(const std::string text, value.RenderText(context));
    request.url += fmt::format("{}{}={}", request.url.find('?') == std::string::npos ? '?' : '&',
                               PercentEncoded(name), PercentEncoded(text));
  }
  ASSIGN_OR_RETURN(request.headers, RenderHeaders(headers_, context));
  RETURN_IF_ERROR(AddBody(context, request));
  if (send_key_ && (method_ == "POST" || method_ == "PATCH") &&
      !HasHeader(request.headers, "idempotency-key")) {
    request.headers.emplace_back("Idempotency-Key", std::string(context.idempotency_key()));
  }
  request.timeout = timeout_;
  request.max_response_bytes = max_response_bytes_;
  request.max_redirects = max_redirects_;
  return request;
}

absl::Status RequestTemplate::AddBody(const NodeContext& context, PerformHttp& request) const {
  if (!text_body_ && !json_body_) return absl::OkStatus();
  ASSIGN_OR_RETURN(request.body,
                   text_body_ ? text_body_->RenderText(context) : json_body_->Render(context));
  if (!HasHeader(request.headers, "content-type")) {
    request.headers.emplace_back("Content-Type",
                                 json_body_ ? "application/json" : "text/plain; charset=utf-8");
  }
  return absl::OkStatus();
}

bool RequestTemplate::repeatable() const {
  return (method_ != "POST" && method_ != "PATCH") || send_key_;
}

std::string ShownUrl(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const size_t authority = url.find("://");
  if (authority == url.npos) return std::string(url);
  const size_t host = authority + 3;
  const size_t user_end = url.substr(host, url.find('/', host) - host).rfind('@');
  if (user_end == url.npos) return std::string(url);
  return fmt::format("{}{}", url.substr(0, host), url.substr(host + user_end + 1));
}

}  // namespace penstock::workflow_engine
