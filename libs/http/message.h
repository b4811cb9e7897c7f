// Requests and responses as handlers see them. Nothing here knows sockets.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::http {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

Method ParseMethod(std::string_view name);
std::string_view MethodName(Method method);

struct Header {
  std::string_view name;  // lower case
  std::string_view value;
};

// One request, whole. Everything in it views memory of the connection, which stays as it is until
// the request is answered.
struct Request {
  Method method = Method::kOther;
  std::string_view target;  // as received
  std::string_view path;    // of the target, still percent-encoded; begins with '/'
  std::string_view query;   // of the target, without '?', still percent-encoded
  std::span<const Header> headers;
  std::string_view body;
  std::string_view request_id;  // the sender's X-Request-Id when sane, else a new UUID
  // What the route's {placeholders} stand for, in order, percent-encoded. Set by Router.
  std::span<const std::string_view> path_parameters;

  // The first header of this name (given in lower case), or empty.
  std::string_view FindHeader(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string body = {};
  std::string content_type = {};  // empty = application/json
  // More headers. Names that are no tokens, values with control characters, and the headers that
  // frame the message are left out.
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// The standard's words for a status code; "Unknown" for others.
std::string_view ReasonPhrase(int status);

}  // namespace penstock::http
