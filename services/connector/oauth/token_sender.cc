#include "services/connector/oauth/token_sender.h"

#include <utility>

#include "absl/synchronization/notification.h"

namespace penstock::connector {

egress::HttpResult EgressTokenSender::Send(egress::HttpRequest request) {
  egress::HttpResult result;
  absl::Notification done;
  client_.Send(std::move(request), [&](egress::HttpResult answered) {
    result = std::move(answered);
    done.Notify();
  });
  done.WaitForNotification();  // the client ends every request by its timeout
  return result;
}

}  // namespace penstock::connector
