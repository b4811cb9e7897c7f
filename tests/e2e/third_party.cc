#include "tests/e2e/third_party.h"

#include <optional>
#include <utility>

namespace penstock::e2e {

ThirdParty::ThirdParty()
    : ThirdParty([](const egress::ReceivedRequest&) { return Answer{}; }) {}

ThirdParty::ThirdParty(Respond respond)
    : respond_(std::move(respond)), server_([this](egress::Peer& peer) { Serve(peer); }) {}

std::vector<egress::ReceivedRequest> ThirdParty::received() const {
  absl::MutexLock lock(&mutex_);
  return received_;
}

void ThirdParty::set_respond(Respond respond) {
  absl::MutexLock lock(&mutex_);
  respond_ = std::move(respond);
}

void ThirdParty::Serve(egress::Peer& peer) {
  while (const std::optional<egress::ReceivedRequest> request = peer.Read()) {
    Respond respond;
    {
      absl::MutexLock lock(&mutex_);
      received_.push_back(*request);
      respond = respond_;
    }
    const Answer answer = respond(*request);
    if (!peer.Respond(answer.status, answer.body, answer.more_headers)) return;
  }
}

}  // namespace penstock::e2e
