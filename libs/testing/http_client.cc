#include "libs/testing/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::testing {
namespace {

absl::Status ErrnoStatus(std::string_view what) {
  return absl::UnavailableError(fmt::format("{}: {}", what, std::strerror(errno)));
}

absl::StatusOr<HttpResponse> ParseHead(std::string_view head) {
  HttpResponse response;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12)
    return absl::InternalError("not a response: " + std::string(head));
  std::from_chars(head.data() + 9, head.data() + 12, response.status);
  for (size_t line = head.find("\r\n"); line != head.npos;) {
    const size_t next = head.find("\r\n", line + 2);
    const std::string_view field =
        head.substr(line + 2, next == head.npos ? head.npos : next - line - 2);
    if (const size_t colon = field.find(": "); colon != field.npos) {
      const std::string_view name = field.substr(0, colon);
      response.headers[absl::AsciiStrToLower({name.data(), name.size()})] = field.substr(colon + 2);
    }
    line = next;
  }
  return response;
}

}  // namespace

std::string HttpResponse::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

absl::StatusOr<HttpClient> HttpClient::Connect(int port, absl::Duration timeout) {
  HttpClient client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (client.socket_ < 0) return ErrnoStatus("socket");
  const timeval wait = absl::ToTimeval(timeout);
  setsockopt(client.socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(client.socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  const int on = 1;
  setsockopt(client.socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(client.socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return ErrnoStatus("connect");
  return client;
}

HttpClient::~HttpClient() {
  if (socket_ >= 0) ::close(socket_);
}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}

absl::Status HttpClient::SendRaw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return ErrnoStatus("send");
    bytes.remove_prefix(sent);
  }
  return absl::OkStatus();
}

absl::Status HttpClient::Receive() {
  char bytes[16 * 1024];
  const ssize_t received = ::recv(socket_, bytes, sizeof bytes, 0);
  if (received < 0) return ErrnoStatus("recv");
  if (received == 0) return absl::OutOfRangeError("closed by the peer");
  buffer_.append(bytes, received);
  return absl::OkStatus();
}

absl::StatusOr<HttpResponse> HttpClient::Read(bool head_only) {
  size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == buffer_.npos) RETURN_IF_ERROR(Receive());
  ASSIGN_OR_RETURN(HttpResponse response, ParseHead(std::string_view(buffer_).substr(0, end)));
  buffer_.erase(0, end + 4);
  size_t length = 0;
  const std::string text = response.header("content-length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  if (head_only) return response;
  while (buffer_.size() < length) RETURN_IF_ERROR(Receive());
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return response;
}

absl::StatusOr<HttpResponse> HttpClient::Call(std::string_view method, std::string_view target,
                                              std::string_view body, const Headers& headers) {
  RETURN_IF_ERROR(SendRaw(RequestText(method, target, body, headers)));
  return Read(method == "HEAD");
}

bool HttpClient::WaitForClose() {
  absl::Status status;
  while (status.ok()) status = Receive();
  // A reset is a close as well; a timeout is not.
  return absl::IsOutOfRange(status) || errno == ECONNRESET;
}

void HttpClient::ShutDownSending() { ::shutdown(socket_, SHUT_WR); }

void HttpClient::Abort() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

std::string RequestText(std::string_view method, std::string_view target, std::string_view body,
                        const HttpClient::Headers& headers) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method, target);
  for (const auto& [name, value] : headers) text += fmt::format("{}: {}\r\n", name, value);
  if (!body.empty() || method == "POST") text += fmt::format("Content-Length: {}\r\n", body.size());
  text += "\r\n";
  text += body;
  return text;
}

}  // namespace penstock::testing
