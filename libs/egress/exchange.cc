#include "libs/egress/exchange.h"

#include <sys/socket.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "fmt/format.h"
#include "libs/egress/failure_of.h"
#include "libs/egress/ip_address.h"

namespace penstock::egress {
namespace {

bool Same(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

bool Has(const Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return Same(header.first, name); });
}

// Methods that may be sent twice without harm; others too, when a key lets the other side tell a
// repeat.
bool MayRepeat(const HttpRequest& request) {
  static constexpr std::string_view kIdempotent[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
  return std::find(std::begin(kIdempotent), std::end(kIdempotent), request.method) !=
             std::end(kIdempotent) ||
         Has(request.headers, "idempotency-key");
}

std::string_view Trimmed(std::string_view text) {
  size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return lower;
}

std::string Text(const absl::Status& status) { return std::string(status.message()); }

long Milliseconds(absl::Duration duration) {
  return std::max<int64_t>(1, absl::ToInt64Milliseconds(duration));
}

// Of what outlives the handle.
curl_blob BlobOf(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size(), CURL_BLOB_NOCOPY};
}

}  // namespace

Exchange::Exchange(const Guard& guard, const ExchangeLimits& limits, const HttpRequest& request,
                   const Url& url, absl::Duration timeout)
    : guard_(guard),
      limits_(limits),
      request_(request),
      url_(url),
      easy_(curl::NewEasy(limits.ca_file)) {
  SetPolicy();
  SetRequest();
  SetTimes(timeout);
}

void Exchange::SetPolicy() {
  CURL* easy = easy_.get();
  bool plain = guard_.plain_http() == PlainHttp::kAllowed;
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain ? "http,https" : "https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Exchange::OpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &Exchange::BeforeRequest);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Exchange::TakeHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Exchange::TakeBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_);
}

void Exchange::SetClientIdentity(const ClientIdentity& identity) {
  curl_blob chain = BlobOf(identity.certificate_chain);
  curl_blob key = BlobOf(identity.private_key.Reveal());
  curl_easy_setopt(easy_.get(), CURLOPT_SSLCERT_BLOB, &chain);
  curl_easy_setopt(easy_.get(), CURLOPT_SSLKEY_BLOB, &key);
}

void Exchange::SetRequest() {
  CURL* easy = easy_.get();
  if (request_.client_identity != nullptr) SetClientIdentity(*request_.client_identity);
  curl_easy_setopt(easy, CURLOPT_CURLU, url_.raw());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                     static_cast<curl_off_t>(request_.max_response_bytes));
    bool sends_body = !request_.body.empty() || request_.method == "POST" ||
                      request_.method == "PUT" || request_.method == "PATCH";
    if (sends_body) {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request_.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
    }
  }
  // libcurl sends a request again when a connection kept open turns out to be dead. It can't know
  // what the other side did with it.
  if (!MayRepeat(request_)) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  // Encodings whose decoders need little memory.
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING,
                   Has(request_.headers, "accept-encoding") ? nullptr : "gzip, deflate");
  for (const auto& [name, value] : request_.headers) {
    curl::Append(request_headers_, value.empty() ? name + ";" : name + ": " + value);
  }
  // What libcurl would add by itself.
  curl::Append(request_headers_, "Expect:");
  if (!Has(request_.headers, "content-type")) curl::Append(request_headers_, "Content-Type:");
  if (!Has(request_.headers, "user-agent")) curl::Append(request_headers_, "User-Agent: penstock");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request_headers_.get());
}

void Exchange::SetTimes(absl::Duration timeout) {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, Milliseconds(timeout));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   Milliseconds(std::min(timeout, limits_.connect_timeout)));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(absl::ToInt64Seconds(limits_.stall_timeout)));
}

curl_socket_t Exchange::OpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<Exchange*>(self);
  std::optional<IpAddress> ip = IpAddress::FromSocket(address->addr);
  absl::Status allowed =
      ip ? exchange.guard_.CheckConnection(exchange.url_.host(), *ip, exchange.url_.port())
         : absl::PermissionDeniedError("only IPv4 and IPv6 are allowed");
  if (!allowed.ok()) {
    exchange.refused_ = allowed;
    return CURL_SOCKET_BAD;
  }
  exchange.any_allowed_ = true;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int Exchange::BeforeRequest(void* self, char* peer_ip, char*, int peer_port, int) {
  auto& exchange = *static_cast<Exchange*>(self);
  std::optional<IpAddress> ip = IpAddress::Parse(peer_ip);
  absl::Status allowed = ip ? exchange.guard_.CheckConnection(exchange.url_.host(), *ip, peer_port)
                            : absl::PermissionDeniedError("the peer has no address");
  if (allowed.ok()) return CURL_PREREQFUNC_OK;
  exchange.Fail(failure::kEgressDenied, Text(allowed));
  return CURL_PREREQFUNC_ABORT;
}

size_t Exchange::TakeHeader(char* data, size_t size, size_t count, void* self) {
  return static_cast<Exchange*>(self)->AddHeaderLine({data, size * count}) ? size * count : 0;
}

size_t Exchange::TakeBody(char* data, size_t size, size_t count, void* self) {
  return static_cast<Exchange*>(self)->AddBody({data, size * count}) ? size * count : 0;
}

bool Exchange::AddHeaderLine(std::string_view line) {
  // Interim answers and trailers count as well: an endless row of them is no way around the limit.
  header_bytes_ += line.size();
  if (header_bytes_ > limits_.max_header_bytes) {
    return Fail(failure::kTooLarge,
                fmt::format("headers exceed {} bytes", limits_.max_header_bytes));
  }
  if (line.starts_with("HTTP/")) {
    response_.headers.clear();
    head_complete_ = false;
    return true;
  }
  if (line == "\r\n" || line == "\n") head_complete_ = true;
  size_t colon = line.find(':');
  if (in_body_ || colon == std::string_view::npos) return true;
  std::string name = Lower(Trimmed(line.substr(0, colon)));
  std::string_view value = Trimmed(line.substr(colon + 1));
  if (name == "content-encoding" && !Same(value, "identity") && !value.empty()) {
    // libcurl would also decode others, and stacks of them, unasked.
    bool known = Same(value, "gzip") || Same(value, "x-gzip") || Same(value, "deflate");
    if (!known)
      return Fail(failure::kBadResponse, "the answer has an encoding that was not asked for");
    encoded_ = true;
  }
  response_.headers.emplace_back(std::move(name), value);
  return true;
}

bool Exchange::AddBody(std::string_view data) {
  in_body_ = true;
  size_t size = response_.body.size() + data.size();
  if (size > request_.max_response_bytes) {
    return Fail(failure::kTooLarge,
                fmt::format("the body exceeds {} bytes", request_.max_response_bytes));
  }
  if (encoded_ && size > limits_.ratio_floor_bytes) {
    curl_off_t on_wire = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &on_wire);
    if (size > static_cast<size_t>(on_wire) * limits_.max_decompression_ratio) {
      return Fail(failure::kTooLarge, fmt::format("the body unpacks to more than {} times its size",
                                                  limits_.max_decompression_ratio));
    }
  }
  response_.body.append(data);
  return true;
}

bool Exchange::Fail(std::string_view type, std::string_view message) {
  if (!failure_) failure_ = Failure(type, message);
  return false;
}

HttpResult Exchange::Finish(CURLcode code) {
  if (failure_) return *std::move(failure_);
  if (code == CURLE_COULDNT_CONNECT && !refused_.ok() && !any_allowed_) {
    return Failure(failure::kEgressDenied, Text(refused_));
  }
  if (code != CURLE_OK) return FailureOf(code, error_text_);
  // libcurl takes a connection closed among the headers for the end of the answer.
  if (!head_complete_) return Failure(failure::kBadResponse, "the answer broke off in its headers");
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  if (encoded_) {
    std::erase_if(response_.headers, [](const auto& header) {
      return header.first == "content-encoding" || header.first == "content-length";
    });
  }
  std::erase_if(response_.headers,
                [](const auto& header) { return header.first == "transfer-encoding"; });
  return std::move(response_);
}

}  // namespace penstock::egress
