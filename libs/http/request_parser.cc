#include "libs/http/request_parser.h"

#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "boost/asio/buffer.hpp"
#include "boost/beast/http/error.hpp"

namespace penstock::http {
namespace {

namespace beast = boost::beast::http;

constexpr Refusal kMalformed{400, "MALFORMED_REQUEST", "The request is not valid HTTP/1.1."};
constexpr size_t kMaxRequestIdBytes = 128;

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

void LowerInPlace(std::string_view text) {
  // The bytes are the connection's own buffer, which is not const.
  for (char& c : std::span(const_cast<char*>(text.data()), text.size())) c = absl::ascii_tolower(c);
}

bool IsSaneRequestId(std::string_view id) {
  if (id.empty() || id.size() > kMaxRequestIdBytes) return false;
  for (unsigned char c : id) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '_' && c != '.' && c != ':') return false;
  }
  return true;
}

}  // namespace

void RequestHead::Rebase(const char* old_base, const char* new_base) {
  auto move = [&](std::string_view& view) {
    if (view.data() != nullptr) view = {new_base + (view.data() - old_base), view.size()};
  };
  move(target);
  move(path);
  move(query);
  move(request_id);
  for (Header& header : headers) {
    move(header.name);
    move(header.value);
  }
}

RequestParser::RequestParser(size_t max_headers) : max_headers_(max_headers) {
  // The connection holds the limits: it knows them before bytes are parsed.
  header_limit(std::numeric_limits<uint32_t>::max());
  body_limit(std::numeric_limits<uint64_t>::max());
}

void RequestParser::Reuse(std::optional<RequestParser>& parser, size_t max_headers) {
  std::vector<Header> headers;
  if (parser) headers.swap(parser->head_.headers);
  headers.clear();
  parser.emplace(max_headers);
  parser->head_.headers.swap(headers);
}

std::optional<Refusal> RequestParser::ParseHead(char* data, size_t size) {
  bytes_ = {data, size};
  error_code error;
  put(boost::asio::const_buffer(data, size), error);
  if (refusal_) return refusal_;
  if (error == beast::error::bad_version) {
    return Refusal{505, "VERSION_NOT_SUPPORTED", "Only HTTP/1.0 and HTTP/1.1 are spoken here."};
  }
  // A chunked head ends where the first chunk would begin.
  if (error && error != beast::error::need_more) return kMalformed;
  if (!is_header_done()) return kMalformed;
  return CheckHead();
}

void RequestParser::on_request_impl(beast::verb, string_view method, string_view target,
                                    int version, error_code&) {
  head_.method = ParseMethod(View(method));
  head_.target = View(target);
  version_ = version;
}

void RequestParser::on_field_impl(beast::field name, string_view text, string_view value,
                                  error_code& error) {
  if (in_trailer_) return;
  auto refuse = [&](const Refusal& refusal) {
    refusal_ = refusal;
    error = beast::error::bad_field;
  };
  // A folded value is not in our bytes: the standard lets a server refuse it, and no honest sender
  // folds.
  const bool folded = value.data() < bytes_.data() || value.data() > bytes_.data() + bytes_.size();
  if (folded && !value.empty()) return refuse(kMalformed);
  if (head_.headers.size() >= max_headers_) {
    return refuse({431, "TOO_MANY_HEADERS", "The request has too many headers."});
  }
  LowerInPlace(View(text));
  head_.headers.push_back({View(text), value.empty() ? std::string_view() : View(value)});
  switch (name) {
    case beast::field::host:
      ++host_headers_;
      break;
    case beast::field::transfer_encoding:
      // Anything but exactly "chunked" is where two parsers disagree on where a request ends.
      if (!EqualsIgnoreCase(View(value), "chunked") || version_ < 11) {
        return refuse({501, "TRANSFER_ENCODING_NOT_SUPPORTED",
                       "Only the transfer encoding \"chunked\" is supported."});
      }
      break;
    case beast::field::expect:
      if (!EqualsIgnoreCase(View(value), "100-continue")) {
        return refuse({417, "EXPECTATION_NOT_SUPPORTED",
                       "Only the expectation \"100-continue\" is supported."});
      }
      head_.expects_continue = version_ >= 11;
      break;
    default:
      if (head_.request_id.empty() && View(text) == "x-request-id" &&
          IsSaneRequestId(View(value))) {
        head_.request_id = View(value);
      }
  }
}

size_t RequestParser::on_chunk_body_impl(uint64_t, string_view body, error_code&) {
  body_->append(body.data(), body.size());
  return body.size();
}

std::optional<Refusal> RequestParser::CheckHead() {
  // Exactly one Host, as RFC 9112 3.2 wants; several have been used to route past a gateway.
  if (host_headers_ > 1 || (host_headers_ == 0 && version_ >= 11)) return kMalformed;
  if (!SplitTarget()) return kMalformed;
  head_.chunked = chunked();
  head_.http10 = version_ < 11;
  head_.keep_alive = keep_alive();
  head_.content_length = content_length().value_or(0);
  return std::nullopt;
}

bool RequestParser::SplitTarget() {
  std::string_view rest = head_.target;
  if (size_t scheme = rest.find("://"); scheme != rest.npos && !rest.starts_with('/')) {
    // Absolute form, as proxies send it.
    const size_t slash = rest.find_first_of("/?", scheme + 3);
    rest = slash == rest.npos ? std::string_view() : rest.substr(slash);
  }
  const size_t question = rest.find('?');
  head_.path = rest.substr(0, question);
  if (question != rest.npos) head_.query = rest.substr(question + 1);
  if (head_.path == "*") return head_.method == Method::kOptions;
  return head_.path.starts_with('/');
}

RequestParser::Chunks RequestParser::ParseChunks(const char* data, size_t size, size_t max_body,
                                                 std::string& body, size_t& used) {
  body_ = &body;
  used = 0;
  while (!is_done()) {
    error_code error;
    used += put(boost::asio::const_buffer(data + used, size - used), error);
    if (body.size() > max_body) return Chunks::kTooLarge;
    if (error == beast::error::need_more) return Chunks::kNeedMore;
    if (error) return Chunks::kMalformed;
    if (used == size && !is_done()) return Chunks::kNeedMore;
  }
  return Chunks::kDone;
}

}  // namespace penstock::http
