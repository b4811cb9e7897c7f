// One request to Vault over HTTP and its answer. Knows nothing of logins and retries.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/crypto/secret.h"
#include "nlohmann/json.hpp"

namespace penstock::secrets::vault {

struct Request {
  enum class Method { kGet, kPost };
  Method method = Method::kGet;
  std::string path;                       // behind /v1/
  std::string name_space = {};            // empty = the root
  const crypto::Secret* token = nullptr;  // null = none
  const crypto::Secret* body = nullptr;   // JSON; null = none
};

// Texts in `body` are wiped when it dies.
struct Reply {
  Reply() = default;
  Reply(Reply&&) = default;
  Reply& operator=(Reply&&) = default;
  ~Reply();

  int status = 0;
  nlohmann::json body;  // null when the answer is no JSON
};

class Transport {
 public:
  struct Options {
    std::string address;  // http(s)://host[:port][/prefix]
    std::string ca_file;  // empty = the system's
    absl::Duration timeout = absl::Seconds(5);
  };
  explicit Transport(Options options);

  // UNAVAILABLE when there is no whole answer: no connection, time-out, broken off.
  // FAILED_PRECONDITION when TLS can't be trusted or the answer is too large. Safe from any thread.
  absl::StatusOr<Reply> Send(const Request& request) const;

 private:
  const Options options_;
};

// OK unless `address` has another scheme, user or password, a query, or characters that no URL has.
absl::Status CheckAddress(const std::string& address);

}  // namespace penstock::secrets::vault
