// Which pages of other origins may call the API from a browser. Credentials go in a header, never
// in a cookie, so an origin that is let in can do no more than any other program with the same key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/http/message.h"

namespace penstock::interfaces {

class CorsPolicy {
 public:
  // Origins as browsers send them, "https://app.example.com", with commas between; "*" lets in all,
  // empty none. INVALID_ARGUMENT names one that is none.
  static absl::StatusOr<CorsPolicy> Parse(std::string_view origins);

  // What is to be allowed: the request's origin, "*", or empty for a request that is not let in or
  // comes from no page.
  std::string AllowedOrigin(const http::Request& request) const;

  // Adds what lets the page of `allowed_origin` read `response`; Vary also when it is not let in.
  void Mark(std::string_view allowed_origin, http::Response& response) const;
  // Adds the answer to what browsers ask first. `methods` as in Allow.
  void MarkPreflight(std::string_view methods, http::Response& response) const;

 private:
  bool any_ = false;
  std::vector<std::string> origins_;
};

}  // namespace penstock::interfaces
