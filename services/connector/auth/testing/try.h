// One request authenticated by one strategy, in a line.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/connector/auth/strategy.h"

namespace penstock::connector {

struct Try {
  std::string config = "{}";
  std::map<std::string, std::string> secrets = {};
  std::string data = "{}";
  absl::Time now = absl::FromUnixSeconds(1440938160);  // 2015-08-30 12:36:00 UTC
  std::string nonce = "0123456789abcdef0123456789abcdef";
  Writing writing = Writing::kSent;
  // GET https://api.example.com/v1/items?page=2 unless said otherwise.
  egress::HttpRequest request = {.method = "GET", .url = "https://api.example.com/v1/items?page=2"};
};

Credentials CredentialsOf(const std::map<std::string, std::string>& secrets);

// The request afterwards.
absl::StatusOr<egress::HttpRequest> Authenticated(const AuthStrategy& strategy, Try attempt);
absl::Status Examined(const AuthStrategy& strategy, const Try& attempt);
// Its header, or "" when there is none; of several the first.
std::string HeaderOf(const egress::HttpRequest& request, std::string_view name);

// "field: description" for everything that strategy.Check says.
std::string WrongIn(const AuthStrategy& strategy, const std::string& config);

}  // namespace penstock::connector
