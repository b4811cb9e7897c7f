// HTTP requests to addresses that tenants choose (requirement C5). One thread drives any number of
// them; connections are kept and shared, HTTP/2 is used where offered. No cookies, no credentials
// of its own, no retries.
// The process ignores SIGPIPE (lifecycle::BlockSignals), as every program that writes to sockets
// does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/egress/driver.h"
#include "libs/egress/guard.h"
#include "libs/egress/http.h"

namespace penstock::egress {

struct ClientOptions {
  DriverOptions driver;
  // Requests not yet ended, waiting ones included; past it they fail at once with
  // RESOURCE_EXHAUSTED.
  int max_open = 1024;
};

class HttpClient {
 public:
  using Callback = std::function<void(HttpResult)>;
  using RequestId = Driver::Id;

  static absl::StatusOr<std::unique_ptr<HttpClient>> Create(Guard guard, const Clock& clock,
                                                            ClientOptions options = {});
  ~HttpClient();  // as Stop without grace
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Calls `done` exactly once: from the client's thread, or from inside Send when there is no room
  // or after Stop. It must not block; it may call Send and Cancel.
  RequestId Send(HttpRequest request, Callback done);

  // Ends the request with CANCELLED unless it has ended. What was sent stays sent.
  void Cancel(RequestId id);

  // Takes nothing new, lets what is open end within `grace`, cancels the rest and joins the thread.
  // Not from a callback.
  void Stop(absl::Duration grace);

 private:
  struct Added {
    RequestId id;
    HttpRequest request;
    Callback done;
  };

  HttpClient(std::unique_ptr<Driver> driver, const Clock& clock, int max_open);
  void Run();
  // Hands what came in to the driver. Answers when the end is.
  absl::Time TakeInbox();
  void Ended(const Callback& done, HttpResult result);

  const std::unique_ptr<Driver> driver_;  // the thread's own, but for Wake
  const Clock& clock_;
  const int max_open_;
  absl::Mutex mutex_;
  RequestId last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Added> added_ ABSL_GUARDED_BY(mutex_);
  std::vector<RequestId> cancelled_ ABSL_GUARDED_BY(mutex_);
  // When what is left is cancelled; the far future until Stop.
  absl::Time end_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::thread thread_;
};

}  // namespace penstock::egress
