// A blocking HTTP/1.1 client on loopback that does as it is told: it can send half a request,
// garbage, or a thousand at once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace penstock::testing {

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& name) const;
};

class HttpClient {
 public:
  // Every wait is bounded: a test that goes wrong fails instead of hanging.
  static absl::StatusOr<HttpClient> Connect(int port, absl::Duration timeout = absl::Seconds(20));
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient(const HttpClient&) = delete;

  absl::Status SendRaw(std::string_view bytes);
  // Reads one response; interim ones (100) are given back as they are. `head_only`: it answers a
  // HEAD.
  absl::StatusOr<HttpResponse> Read(bool head_only = false);

  using Headers = std::vector<std::pair<std::string, std::string>>;
  // Writes a request (Host and Content-Length added) and reads the response.
  absl::StatusOr<HttpResponse> Call(std::string_view method, std::string_view target,
                                    std::string_view body = {}, const Headers& headers = {});

  // True when the peer has closed, after taking in what it still sent.
  bool WaitForClose();
  void ShutDownSending();
  // Closes with a reset.
  void Abort();

 private:
  HttpClient(int socket) : socket_(socket) {}
  absl::Status Receive();

  int socket_;
  std::string buffer_;
};

std::string RequestText(std::string_view method, std::string_view target, std::string_view body,
                        const HttpClient::Headers& headers = {});

}  // namespace penstock::testing
