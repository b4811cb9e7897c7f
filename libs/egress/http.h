// One HTTP exchange with the outside world, as values.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "libs/crypto/secret.h"

namespace penstock::egress {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Who we are to a server that asks for a client certificate. PEM.
struct ClientIdentity {
  std::string certificate_chain;
  crypto::Secret private_key;
};

struct HttpRequest {
  std::string method = {};
  // Absolute, as libcurl's URL parser takes it; without user info.
  std::string url = {};
  Headers headers = {};
  std::string body = {};
  // For everything: waiting for a place, all redirects, the last byte.
  absl::Duration timeout = absl::Seconds(15);
  // Of the body, after decompression.
  size_t max_response_bytes = 8 << 20;
  // 0 = a redirect is an answer like any other.
  int max_redirects = 5;
  // Shown to the first origin only; null = none.
  std::shared_ptr<const ClientIdentity> client_identity = nullptr;
};

struct HttpResponse {
  int status = 0;
  Headers headers =
      {};  // lower-case names; without those that describe the body's encoding in transit
  // Decompressed. Bytes as they came: not necessarily UTF-8.
  std::string body = {};
};

struct HttpFailure {
  std::string type;  // one of failure::k...
  std::string message;
};

using HttpResult = std::variant<HttpResponse, HttpFailure>;

// Types of failure; workflow authors match on them.
namespace failure {
// Not allowed by policy; nothing was sent to where it is not allowed.
inline constexpr std::string_view kEgressDenied = "EGRESS_DENIED";
// No connection; the request was not sent.
inline constexpr std::string_view kConnectFailed = "CONNECT_FAILED";
// No trusted connection; the request was not sent.
inline constexpr std::string_view kTlsFailed = "TLS_FAILED";
inline constexpr std::string_view kTimeout = "TIMEOUT";
inline constexpr std::string_view kTooLarge = "TOO_LARGE";
inline constexpr std::string_view kTooManyRedirects = "TOO_MANY_REDIRECTS";
inline constexpr std::string_view kBadUrl = "BAD_URL";
// A method or header that can't be sent.
inline constexpr std::string_view kBadRequest = "BAD_REQUEST";
// Broken off, or not HTTP. The other side may have acted on the request.
inline constexpr std::string_view kBadResponse = "BAD_RESPONSE";
// Too many requests under way; not sent.
inline constexpr std::string_view kResourceExhausted = "RESOURCE_EXHAUSTED";
inline constexpr std::string_view kCancelled = "CANCELLED";
}  // namespace failure

inline HttpFailure Failure(std::string_view type, std::string_view message) {
  return HttpFailure{std::string(type), std::string(message)};
}

}  // namespace penstock::egress
