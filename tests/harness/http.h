// One HTTP request at a time, for set-up and checks. Load comes from tests/bench, malformed bytes
// from libs/testing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace penstock::harness {

struct HttpReply {
  int status = 0;
  std::string body = {};
  std::map<std::string, std::string> headers;  // lower-case names
};

struct HttpCall {
  std::string url;
  std::string method = "GET";
  std::string body = {};
  std::vector<std::string> headers = {};  // "Name: value"
  absl::Duration timeout = absl::Seconds(30);
};

// An error only when there was no answer.
absl::StatusOr<HttpReply> Call(const HttpCall& call);

// POST of JSON.
absl::StatusOr<HttpReply> PostJson(const std::string& url, const std::string& body,
                                   std::vector<std::string> headers = {});

}  // namespace penstock::harness
