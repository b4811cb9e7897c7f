#include "libs/egress/client.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "libs/status/macros.h"

namespace penstock::egress {

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::Create(Guard guard, const Clock& clock,
                                                               ClientOptions options) {
  ASSIGN_OR_RETURN(std::unique_ptr<Driver> driver,
                   Driver::Create(std::move(guard), clock, std::move(options.driver)));
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(driver), clock, options.max_open));
}

HttpClient::HttpClient(std::unique_ptr<Driver> driver, const Clock& clock, int max_open)
    : driver_(std::move(driver)), clock_(clock), max_open_(max_open), thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), "egress");
}

HttpClient::~HttpClient() { Stop(absl::ZeroDuration()); }

HttpClient::RequestId HttpClient::Send(HttpRequest request, Callback done) {
  RequestId id;
  HttpFailure refusal = Failure(failure::kResourceExhausted, "too many requests are open");
  {
    absl::MutexLock lock(&mutex_);
    id = ++last_id_;
    bool stopping = end_ != absl::InfiniteFuture();
    if (stopping) refusal = Failure(failure::kCancelled, "the client has stopped");
    if (!stopping && open_ < max_open_) {
      ++open_;
      added_.push_back({id, std::move(request), std::move(done)});
      done = nullptr;
    }
  }
  if (done) {
    done(std::move(refusal));
  } else {
    driver_->Wake();
  }
  return id;
}

void HttpClient::Cancel(RequestId id) {
  {
    absl::MutexLock lock(&mutex_);
    cancelled_.push_back(id);
  }
  driver_->Wake();
}

void HttpClient::Stop(absl::Duration grace) {
  {
    absl::MutexLock lock(&mutex_);
    end_ = std::min(end_, clock_.Now() + grace);
  }
  driver_->Wake();
  if (thread_.joinable()) thread_.join();
}

void HttpClient::Run() {
  while (true) {
    absl::Time end = TakeInbox();
    absl::Duration left = end - clock_.Now();
    if (left <= absl::ZeroDuration()) driver_->CancelAll();
    if (end != absl::InfiniteFuture() && driver_->idle()) return;
    driver_->RunOnce(std::min(left, absl::Hours(1)));
  }
}

absl::Time HttpClient::TakeInbox() {
  std::vector<Added> added;
  std::vector<RequestId> cancelled;
  absl::Time end;
  {
    absl::MutexLock lock(&mutex_);
    added.swap(added_);
    cancelled.swap(cancelled_);
    // Read together with the inbox: once this is set nothing more comes in.
    end = end_;
  }
  for (Added& one : added) {
    driver_->Add(
        one.id, std::move(one.request),
        [this, done = std::move(one.done)](HttpResult result) { Ended(done, std::move(result)); });
  }
  for (RequestId id : cancelled) driver_->Cancel(id);
  return end;
}

void HttpClient::Ended(const Callback& done, HttpResult result) {
  {
    absl::MutexLock lock(&mutex_);
    --open_;
  }
  done(std::move(result));
}

}  // namespace penstock::egress
