#include "libs/http/problem.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/numbers.h"
#include "fmt/format.h"
#include "libs/json/quote.h"

namespace penstock::http {
namespace {

void AppendMember(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out.push_back(',');
  json::AppendQuoted(out, name);
  out.push_back(':');
  json::AppendQuoted(out, value);
}

void AppendViolations(std::string& out, const std::vector<FieldViolation>& violations) {
  out.append(",\"violations\":[");
  for (size_t i = 0; i < violations.size(); ++i) {
    out.append(i == 0 ? "{" : ",{");
    AppendMember(out, "field", violations[i].field);
    AppendMember(out, "description", violations[i].description);
    out.push_back('}');
  }
  out.push_back(']');
}

int UpstreamStatusOf(const absl::Status& status) {
  int http_status = 0;
  return absl::SimpleAtoi(MetadataOf(status, "http_status"), &http_status) ? http_status : 0;
}

}  // namespace

Response ProblemResponse(const Problem& problem) {
  Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  std::string& body = response.body;
  body.push_back('{');
  AppendMember(body, "type", "about:blank");
  AppendMember(body, "title", ReasonPhrase(problem.status));
  fmt::format_to(std::back_inserter(body), ",\"status\":{}", problem.status);
  AppendMember(body, "detail", problem.detail);
  AppendMember(body, "code", problem.code);
  if (!problem.grpc_code.empty()) AppendMember(body, "grpcCode", problem.grpc_code);
  if (problem.upstream_status != 0) {
    fmt::format_to(std::back_inserter(body), ",\"upstreamStatus\":{}", problem.upstream_status);
  }
  if (!problem.request_id.empty()) AppendMember(body, "requestId", problem.request_id);
  if (!problem.violations.empty()) AppendViolations(body, problem.violations);
  body.push_back('}');
  if (problem.retry_after > absl::ZeroDuration()) {
    const double seconds =
        std::clamp(std::ceil(absl::ToDoubleSeconds(problem.retry_after)), 1.0, 86'400.0);
    response.headers.emplace_back("Retry-After", fmt::format("{}", static_cast<int>(seconds)));
  }
  return response;
}

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    default:
      return 500;
  }
}

Response ProblemOf(const absl::Status& status, std::string_view request_id) {
  const std::string reason = ReasonOf(status);
  const std::string code_name = absl::StatusCodeToString(status.code());
  const bool upstream_failed = absl::IsUnavailable(status) && reason.starts_with("UPSTREAM_");
  return ProblemResponse({
      .status = upstream_failed ? 502 : HttpStatusOf(status.code()),
      .code = reason.empty() ? std::string_view(code_name) : std::string_view(reason),
      .detail = std::string(status.message()),
      .request_id = std::string(request_id),
      .retry_after = RetryAfterOf(status),
      .violations = ViolationsOf(status),
      .grpc_code = code_name,
      .upstream_status = UpstreamStatusOf(status),
  });
}

}  // namespace penstock::http
