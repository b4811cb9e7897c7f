// Takes requests through their redirects, many at a time, on the one thread that calls it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "curl/curl.h"
#include "libs/clock/clock.h"
#include "libs/egress/exchange.h"
#include "libs/egress/guard.h"
#include "libs/egress/http.h"

namespace penstock::egress {

struct DriverOptions {
  int max_concurrent = 128;
  int max_connections_per_host = 32;
  int max_idle_connections = 64;
  ExchangeLimits limits;
};

class Driver {
 public:
  using Id = uint64_t;
  using Callback = std::function<void(HttpResult)>;

  static absl::StatusOr<std::unique_ptr<Driver>> Create(Guard guard, const Clock& clock,
                                                        DriverOptions options);
  ~Driver();  // ends every request with CANCELLED

  // `done` is called exactly once, from RunOnce, Cancel, CancelAll or the destructor; it must not
  // call back into this object.
  void Add(Id id, HttpRequest request, Callback done);
  // No-op for an id that has ended.
  void Cancel(Id id);
  void CancelAll();
  bool idle() const { return requests_.empty(); }

  // Moves everything on, then waits until there is something to do, `longest` has passed, or Wake
  // was called.
  void RunOnce(absl::Duration longest);
  // From any thread.
  void Wake();

 private:
  struct Request;
  struct MultiCleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  Driver(Guard guard, const Clock& clock, DriverOptions options, CURLM* multi);
  void StartWaiting();
  void CollectFinished();
  void BeginHop(Request& request);
  void EndHop(Request& request, CURLcode code);
  // True when the response is a redirect and the next hop is under way, or the request has ended
  // because of it.
  bool FollowedRedirect(Request& request, const HttpResponse& response);
  void End(Request& request, HttpResult result);
  absl::Duration UntilFirstWaitingExpires() const;

  const Guard guard_;
  const Clock& clock_;
  const DriverOptions options_;
  const std::unique_ptr<CURLM, MultiCleanup> multi_;
  absl::flat_hash_map<Id, std::unique_ptr<Request>> requests_;
  std::deque<Id> waiting_;  // may name requests that were cancelled
  int under_way_ = 0;
};

}  // namespace penstock::egress
