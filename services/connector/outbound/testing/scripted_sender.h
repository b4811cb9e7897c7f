// A third party in one line: answers as a test says and remembers what it was sent.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "libs/egress/http.h"
#include "services/connector/outbound/http_sender.h"

namespace penstock::connector::testing {

class ScriptedSender final : public HttpSender {
 public:
  using Script = std::function<egress::HttpResult(const egress::HttpRequest&)>;
  explicit ScriptedSender(Script script) : script_(std::move(script)) {}
  // One answer after the other; the last one again and again.
  explicit ScriptedSender(std::vector<egress::HttpResult> answers)
      : script_([this, answers = std::move(answers)](const egress::HttpRequest&) {
          return answers[std::min(sent_.size(), answers.size()) - 1];
        }) {}

  egress::HttpResult Send(egress::HttpRequest request, absl::Time,
                          lifecycle::Cancellation*) override {
    {
      absl::MutexLock lock(&mutex_);
      sent_.push_back(request);
    }
    return script_(request);
  }

  const std::vector<egress::HttpRequest>& sent() const { return sent_; }

 private:
  const Script script_;
  absl::Mutex mutex_;
  std::vector<egress::HttpRequest> sent_;
};

inline egress::HttpResult Answer(int status, egress::Headers headers = {}, std::string body = "") {
  return egress::HttpResponse{
      .status = status, .headers = std::move(headers), .body = std::move(body)};
}

inline std::string HeaderOf(const egress::HttpRequest& request, const std::string& name) {
  for (const auto& header : request.headers) {
    if (header.first == name) return header.second;
  }
  return "(none)";
}

}  // namespace penstock::connector::testing
