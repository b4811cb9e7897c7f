// One request to one URL and its answer, no redirects: a libcurl handle with every door closed that
// policy does not open.
#pragma once

#include <netinet/in.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "curl/curl.h"
#include "libs/curl/easy.h"
#include "libs/egress/guard.h"
#include "libs/egress/http.h"
#include "libs/egress/url.h"

namespace penstock::egress {

struct ExchangeLimits {
  absl::Duration connect_timeout = absl::Seconds(5);
  // Broken off when not a byte moves for so long.
  absl::Duration stall_timeout = absl::Seconds(60);
  size_t max_header_bytes = 64 << 10;
  // Decompressed size over size on the wire, once the former passes `ratio_floor_bytes`.
  int max_decompression_ratio = 100;
  size_t ratio_floor_bytes = 256 << 10;
  // PEM; empty = the system's.
  std::string ca_file;
};

class Exchange {
 public:
  // Everything passed outlives this object and does not move. `request` has passed CheckSendable,
  // `url` Guard::CheckTarget.
  Exchange(const Guard& guard, const ExchangeLimits& limits, const HttpRequest& request,
           const Url& url, absl::Duration timeout);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  CURL* easy() const { return easy_.get(); }

  // After libcurl is done with easy().
  HttpResult Finish(CURLcode code);

 private:
  static curl_socket_t OpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int BeforeRequest(void* self, char* peer_ip, char* local_ip, int peer_port,
                           int local_port);
  static size_t TakeHeader(char* data, size_t size, size_t count, void* self);
  static size_t TakeBody(char* data, size_t size, size_t count, void* self);

  void SetPolicy();
  void SetRequest();
  void SetClientIdentity(const ClientIdentity& identity);
  void SetTimes(absl::Duration timeout);
  // False breaks the exchange off.
  bool AddHeaderLine(std::string_view line);
  bool AddBody(std::string_view data);
  bool Fail(std::string_view type, std::string_view message);

  const Guard& guard_;
  const ExchangeLimits& limits_;
  const HttpRequest& request_;
  const Url& url_;
  curl::List request_headers_;
  curl::Easy easy_;  // uses the list, so goes first
  char error_text_[CURL_ERROR_SIZE] = "";

  HttpResponse response_;
  size_t header_bytes_ = 0;
  bool encoded_ = false;
  bool head_complete_ = false;
  bool in_body_ = false;
  // Our own reason for breaking off; libcurl's code only says that we did.
  std::optional<HttpFailure> failure_;
  // The last address refused, while none was allowed.
  absl::Status refused_;
  bool any_allowed_ = false;
};

}  // namespace penstock::egress
