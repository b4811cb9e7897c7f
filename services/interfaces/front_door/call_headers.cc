#include "services/interfaces/front_door/call_headers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "libs/grpc/trace_context.h"
#include "libs/status/details.h"

namespace penstock::interfaces {
namespace {

constexpr size_t kMaxGrpcTimeoutDigits = 8;
constexpr double kMaxSeconds = 1e9;

std::optional<absl::Duration> GrpcUnit(char unit) {
  switch (unit) {
    case 'H':
      return absl::Hours(1);
    case 'M':
      return absl::Minutes(1);
    case 'S':
      return absl::Seconds(1);
    case 'm':
      return absl::Milliseconds(1);
    case 'u':
      return absl::Microseconds(1);
    case 'n':
      return absl::Nanoseconds(1);
    default:
      return std::nullopt;
  }
}

// "1500m"
std::optional<absl::Duration> ParseGrpcTimeout(std::string_view text) {
  if (text.size() < 2 || text.size() > kMaxGrpcTimeoutDigits + 1) return std::nullopt;
  const std::optional<absl::Duration> unit = GrpcUnit(text.back());
  text.remove_suffix(1);
  int64_t count = 0;
  if (!unit || !std::ranges::all_of(text, [](unsigned char c) { return absl::ascii_isdigit(c); })) {
    return std::nullopt;
  }
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count * *unit;
}

std::optional<absl::Duration> ParseRequestTimeout(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size()) {
    if (!std::isfinite(seconds) || seconds > kMaxSeconds) return std::nullopt;
    return absl::Seconds(seconds);
  }
  absl::Duration duration;
  if (!absl::ParseDuration({text.data(), text.size()}, &duration)) return std::nullopt;
  return duration;
}

// gRPC aborts the process over a header's value that is none.
bool IsMetadataValue(std::string_view value) {
  return std::ranges::all_of(value, [](unsigned char c) { return absl::ascii_isprint(c); });
}

}  // namespace

absl::StatusOr<absl::Duration> TimeoutOf(const http::Request& request,
                                         const CallTimeouts& timeouts) {
  const std::string_view grpc_text = request.FindHeader("grpc-timeout");
  const std::string_view text = request.FindHeader("x-request-timeout");
  if (grpc_text.empty() && text.empty()) return timeouts.unless_said;
  const std::optional<absl::Duration> timeout =
      grpc_text.empty() ? ParseRequestTimeout(text) : ParseGrpcTimeout(grpc_text);
  if (!timeout || *timeout <= absl::ZeroDuration()) {
    return InvalidField(grpc_text.empty() ? "X-Request-Timeout" : "Grpc-Timeout",
                        grpc_text.empty()
                            ? "it must be seconds, as in \"1.5\", more than none"
                            : "it must be up to eight digits and a unit, as in \"1500m\"");
  }
  return std::min(*timeout, timeouts.at_most);
}

absl::Status PrepareCall(const http::Request& request, absl::Time deadline,
                         grpc::ClientContext& context) {
  const std::string_view authorization = request.FindHeader("authorization");
  if (!IsMetadataValue(authorization)) {
    return absl::UnauthenticatedError("the credential has characters that no key has");
  }
  if (!authorization.empty()) context.AddMetadata("authorization", std::string(authorization));
  if (IsMetadataValue(request.request_id)) {
    context.AddMetadata("x-request-id", std::string(request.request_id));
  }
  const std::optional<auth::Trace> trace = rpc::ParseTraceparent(request.FindHeader("traceparent"));
  context.AddMetadata("traceparent", rpc::Traceparent(trace ? *trace : rpc::NewTrace()));
  context.set_deadline(absl::ToChronoTime(deadline));
  return absl::OkStatus();
}

}  // namespace penstock::interfaces
