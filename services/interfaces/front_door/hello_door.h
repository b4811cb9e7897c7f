// GET /hello: a greeting for everybody, with the caller's own counts for those who say who they
// are. Open to pages of any origin: it takes credentials in a header only, which no browser sends
// unasked.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "libs/auth/authenticator.h"
#include "libs/clock/clock.h"
#include "libs/http/responder.h"
#include "libs/lifecycle/thread_pool.h"
#include "services/interfaces/storage/overview.h"

namespace penstock::interfaces {

class HelloDoor {
 public:
  // Whether the caller may be told, and what. May block.
  using Count = std::function<absl::StatusOr<Overview>(const auth::CallContext&)>;

  // All outlive the door, and so does the HTTP server's last request.
  HelloDoor(const auth::BearerAuthenticator& authenticator, lifecycle::ThreadPool& workers,
            Count count, const Clock& clock);

  // 200 {"message","service","timestamp"}, with "tenantId" and "statistics" for a caller with
  // credentials; else a problem: 401 for bad credentials, 403 for a key that is limited to a
  // project, 429 when too many wait, 503 without a database.
  void Greet(const http::Request& request, http::Responder responder);

  // What a browser asks before it lets a page send credentials.
  void Preflight(const http::Request& request, http::Responder responder);

 private:
  http::Response Answer(const std::string& authorization, const std::string& request_id) const;

  const auth::BearerAuthenticator& authenticator_;
  lifecycle::ThreadPool& workers_;
  const Count count_;
  const Clock& clock_;
};

}  // namespace penstock::interfaces
