#include "services/connector/outbound/blocking_client.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/synchronization/notification.h"

namespace penstock::connector {

using egress::Failure;
namespace failure = egress::failure;

namespace {

// Callers whose deadline has passed go, and may do so by a clock that is a little ahead of ours.
constexpr absl::Duration kClockSlack = absl::Milliseconds(5);

}  // namespace

egress::HttpResult BlockingClient::Send(egress::HttpRequest request, absl::Time deadline,
                                        lifecycle::Cancellation* cancellation) {
  const absl::Duration left = deadline - clock_.Now();
  if (left <= absl::ZeroDuration()) return Failure(failure::kTimeout, "timed out");
  if (cancellation != nullptr && cancellation->cancelled()) {
    return Failure(failure::kCancelled, "cancelled before it was sent");
  }
  request.timeout = std::min(request.timeout, left);
  const absl::Duration patience = request.timeout;
  egress::HttpResult result;
  absl::Notification done;
  const auto id = http_.Send(std::move(request), [&](egress::HttpResult ended) {
    result = std::move(ended);
    done.Notify();
  });
  bool expired = false;
  {
    const lifecycle::Cancellation::Registration registration(cancellation,
                                                             [&] { http_.Cancel(id); });
    // The egress client keeps the same time; this is for the day it can't.
    if (!done.WaitForNotificationWithTimeout(patience + absl::Milliseconds(100))) {
      expired = true;
      http_.Cancel(id);
    }
    // It always calls back, and what it fills lives here.
    done.WaitForNotification();
  }
  const auto* ended = std::get_if<egress::HttpFailure>(&result);
  expired = expired || clock_.Now() + kClockSlack >= deadline;
  if (expired && ended != nullptr && ended->type == failure::kCancelled) {
    return Failure(failure::kTimeout, "timed out");
  }
  return result;
}

}  // namespace penstock::connector
