#include "libs/http/router.h"

#include <array>
#include <optional>

#include "fmt/format.h"
#include "libs/http/problem.h"

namespace penstock::http {
namespace {

constexpr size_t kMaxParameters = 8;
constexpr std::string_view kPlaceholder = "{}";

std::vector<std::string> SegmentsOf(std::string_view pattern) {
  std::vector<std::string> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const size_t end = std::min(pattern.find('/'), pattern.size());
    const std::string_view segment = pattern.substr(0, end);
    segments.emplace_back(segment.starts_with('{') ? kPlaceholder : segment);
    pattern.remove_prefix(end);
  }
  return segments;
}

// How many parameters there are, when the path matches.
std::optional<size_t> Match(const std::vector<std::string>& segments, std::string_view path,
                            std::array<std::string_view, kMaxParameters>& parameters) {
  size_t count = 0;
  for (const std::string& expected : segments) {
    if (!path.starts_with('/')) return std::nullopt;
    path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    if (expected != kPlaceholder) {
      if (segment != expected) return std::nullopt;
    } else {
      if (segment.empty() || count == kMaxParameters) return std::nullopt;
      parameters[count++] = segment;
    }
  }
  return path.empty() ? std::optional(count) : std::nullopt;
}

}  // namespace

void Router::Add(Method method, std::string_view pattern, Handler handler) {
  std::vector<std::string> segments = SegmentsOf(pattern);
  for (Path& path : paths_) {
    if (path.segments == segments) {
      path.methods.emplace_back(method, std::move(handler));
      return;
    }
  }
  paths_.push_back({std::move(segments), {{method, std::move(handler)}}});
}

const Handler* Router::Path::Find(Method method) const {
  for (const auto& [known, handler] : methods) {
    if (known == method) return &handler;
  }
  return method == Method::kHead ? Find(Method::kGet) : nullptr;
}

std::string Router::Path::Allow() const {
  std::string allow;
  for (const auto& [method, handler] : methods) {
    if (method == Method::kOptions) continue;
    allow.append(MethodName(method)).append(method == Method::kGet ? ", HEAD, " : ", ");
  }
  return allow + "OPTIONS";
}

void Router::Route(const Request& request, Responder responder) const {
  std::array<std::string_view, kMaxParameters> parameters;
  for (const Path& path : paths_) {
    const std::optional<size_t> count = Match(path.segments, request.path, parameters);
    if (!count) continue;
    if (const Handler* handler = path.Find(request.method)) {
      Request routed = request;
      routed.path_parameters = std::span(parameters.data(), *count);
      return (*handler)(routed, std::move(responder));
    }
    Response response;
    if (request.method == Method::kOptions) {
      response.status = 204;
    } else {
      response = ProblemResponse({.status = 405,
                                  .code = "METHOD_NOT_ALLOWED",
                                  .detail = "This path does not have that method.",
                                  .request_id = std::string(request.request_id)});
    }
    response.headers.emplace_back("Allow", path.Allow());
    return responder.Send(std::move(response));
  }
  responder.Send(ProblemResponse({.status = 404,
                                  .code = "NOT_FOUND",
                                  .detail = "There is nothing at this path.",
                                  .request_id = std::string(request.request_id)}));
}

}  // namespace penstock::http
