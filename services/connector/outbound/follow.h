// One attempt through its redirects, followed by hand: only to hosts that the connector was made
// for, with credentials for its own origin and no other.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "services/connector/outbound/http_sender.h"
#include "services/connector/outbound/target.h"

namespace penstock::connector {

inline constexpr int kMaxRedirects = 5;

struct Attempt {
  const Target& target;
  egress::HttpRequest request;  // without credentials
  // Adds them; null = none are needed.
  std::function<absl::Status(egress::HttpRequest&)> authenticate;
  // Those that `authenticate` added last. Null = none.
  std::function<std::vector<std::string_view>()> secrets;
  absl::Time deadline;
  lifecycle::Cancellation* cancellation = nullptr;
};

// The answer to the last hop, credentials that it repeats blotted out; or what kept a hop from
// being made. A hop to another origin carries no credential, no client certificate, and nothing but
// headers that describe the message; once away, none comes back. An error is that of
// `authenticate`, or INTERNAL when what it made goes to another origin.
absl::StatusOr<egress::HttpResult> SendFollowing(HttpSender& sender, Attempt attempt);

}  // namespace penstock::connector
