#include "libs/egress/testing/script_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "fmt/format.h"

namespace penstock::egress {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return text;
}

ReceivedRequest ParseHead(std::string_view head) {
  ReceivedRequest request;
  size_t line_end = head.find("\r\n");
  std::string_view first = head.substr(0, line_end);
  request.method = first.substr(0, first.find(' '));
  first.remove_prefix(request.method.size() + 1);
  request.target = first.substr(0, first.find(' '));
  while (line_end != std::string_view::npos) {
    size_t begin = line_end + 2;
    line_end = head.find("\r\n", begin);
    std::string_view line = head.substr(begin, line_end - begin);
    size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    request.headers[Lower(std::string(line.substr(0, colon)))] = value;
  }
  return request;
}

int ListenOnLoopback(int& port) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bool ok = bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
            listen(listener, 64) == 0 &&
            getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!ok) std::abort();
  port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

Peer::Peer(int socket, ssl_ctx_st* tls) : socket_(socket) {
  if (tls == nullptr) return;
  tls_ = SSL_new(tls);
  SSL_set_fd(tls_, socket);
  SSL_accept(tls_);
}

Peer::~Peer() {
  if (tls_ != nullptr) SSL_free(tls_);
}

bool Peer::Fill() {
  char chunk[4096];
  ssize_t got = tls_ != nullptr ? SSL_read(tls_, chunk, sizeof(chunk))
                                : recv(socket_, chunk, sizeof(chunk), 0);
  if (got <= 0) return false;
  buffer_.append(chunk, got);
  return true;
}

std::optional<ReceivedRequest> Peer::Read() {
  size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  ReceivedRequest request = ParseHead(std::string_view(buffer_).substr(0, end));
  buffer_.erase(0, end + 4);
  auto length = request.headers.find("content-length");
  size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
  while (buffer_.size() < size) {
    if (!Fill()) return std::nullopt;
  }
  request.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return request;
}

std::optional<std::string> Peer::ReadLine() {
  size_t end;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::optional<std::string> Peer::ReadBytes(size_t size) {
  while (buffer_.size() < size) {
    if (!Fill()) return std::nullopt;
  }
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return bytes;
}

bool Peer::StartTls(const TlsIdentity& identity) {
  tls_ = SSL_new(identity.context());
  SSL_set_fd(tls_, socket_);
  return SSL_accept(tls_) == 1;
}

bool Peer::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = tls_ != nullptr ? SSL_write(tls_, bytes.data(), bytes.size())
                                   : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

bool Peer::Respond(int status, std::string_view body, std::string_view more_headers) {
  return Write(fmt::format("HTTP/1.1 {} Status\r\nContent-Length: {}\r\n{}\r\n{}", status,
                           body.size(), more_headers, body));
}

void Peer::AwaitClose() {
  while (Fill()) buffer_.clear();
}

ScriptServer::ScriptServer(Script script, const TlsIdentity* identity)
    : script_(std::move(script)),
      tls_(identity != nullptr ? identity->context() : nullptr),
      listener_(ListenOnLoopback(port_)),
      acceptor_([this] { Accept(); }) {
  signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
}

ScriptServer::~ScriptServer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& script : scripts_) script.join();
  close(listener_);
}

std::string ScriptServer::url(std::string_view path, std::string_view host) const {
  return fmt::format("{}://{}:{}{}", tls_ != nullptr ? "https" : "http", host, port_, path);
}

void ScriptServer::Accept() {
  while (true) {
    int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    absl::MutexLock lock(&mutex_);
    if (stopping_) {
      close(socket);
      return;
    }
    ++connections_;
    sockets_.push_back(socket);
    scripts_.emplace_back([this, socket] {
      {
        Peer peer(socket, tls_);
        script_(peer);
      }
      absl::MutexLock lock(&mutex_);
      sockets_.erase(std::find(sockets_.begin(), sockets_.end(), socket));
      close(socket);
    });
  }
}

}  // namespace penstock::egress
