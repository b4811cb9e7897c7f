// An upstream on loopback that does exactly what a test says, well-formed or not: HTTP, or lines.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/egress/testing/tls_identity.h"

namespace penstock::egress {

struct ReceivedRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;
};

// The server's end of one connection, on a thread of its own.
class Peer {
 public:
  Peer(int socket, ssl_ctx_st* tls);
  ~Peer();

  // The next request, or nothing once the client has closed.
  std::optional<ReceivedRequest> Read();
  // The next line, without the CRLF that ends it, for servers of other protocols. What comes
  // without one stays unread.
  std::optional<std::string> ReadLine();
  // Exactly so many bytes, of whatever protocol.
  std::optional<std::string> ReadBytes(size_t size);
  // Goes on in TLS. False when the client does not.
  bool StartTls(const TlsIdentity& identity);
  // False once the client has gone.
  bool Write(std::string_view bytes);
  // A whole response with Content-Length.
  bool Respond(int status, std::string_view body, std::string_view more_headers = "");
  // Blocks until the client closes.
  void AwaitClose();

 private:
  bool Fill();
  int socket_;
  ssl_st* tls_ = nullptr;
  std::string buffer_;
};

class ScriptServer {
 public:
  using Script = std::function<void(Peer&)>;
  // Runs `script` for each connection. With an identity it speaks TLS.
  explicit ScriptServer(Script script, const TlsIdentity* identity = nullptr);
  ~ScriptServer();  // closes everything and waits for the scripts

  int port() const { return port_; }
  std::string url(std::string_view path, std::string_view host = "127.0.0.1") const;
  int connections() const { return connections_; }

 private:
  void Accept();

  const Script script_;
  ssl_ctx_st* const tls_;
  int port_ = 0;
  int listener_;
  std::atomic<int> connections_{0};
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<int> sockets_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> scripts_;
  std::thread acceptor_;
};

}  // namespace penstock::egress
