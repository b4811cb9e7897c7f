#include "libs/egress/driver.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "libs/egress/redirect.h"
#include "libs/egress/sendable.h"
#include "libs/egress/url.h"

namespace penstock::egress {
namespace {

std::string Text(const absl::Status& status) { return std::string(status.message()); }

}  // namespace

struct Driver::Request {
  Id id;
  HttpRequest http;
  Callback done;
  absl::Time deadline;
  int redirects = 0;
  std::optional<Url> url;
  std::unique_ptr<Exchange> exchange;  // while a hop is under way
};

absl::StatusOr<std::unique_ptr<Driver>> Driver::Create(Guard guard, const Clock& clock,
                                                       DriverOptions options) {
  CURLM* multi = curl::Initialize() ? curl_multi_init() : nullptr;
  if (multi == nullptr) return absl::InternalError("libcurl can't be initialized");
  return std::unique_ptr<Driver>(new Driver(std::move(guard), clock, std::move(options), multi));
}

Driver::Driver(Guard guard, const Clock& clock, DriverOptions options, CURLM* multi)
    : guard_(std::move(guard)), clock_(clock), options_(std::move(options)), multi_(multi) {
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(options_.max_connections_per_host));
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.max_idle_connections));
}

Driver::~Driver() { CancelAll(); }

void Driver::Add(Id id, HttpRequest request, Callback done) {
  absl::Time deadline = clock_.Now() + request.timeout;
  auto added = std::make_unique<Request>();
  added->id = id;
  added->http = std::move(request);
  added->done = std::move(done);
  added->deadline = deadline;
  requests_.emplace(id, std::move(added));
  waiting_.push_back(id);
}

void Driver::Cancel(Id id) {
  auto found = requests_.find(id);
  if (found == requests_.end()) return;
  End(*found->second, Failure(failure::kCancelled, "cancelled"));
}

void Driver::CancelAll() {
  while (!requests_.empty()) Cancel(requests_.begin()->first);
}

void Driver::Wake() { curl_multi_wakeup(multi_.get()); }

void Driver::RunOnce(absl::Duration longest) {
  StartWaiting();
  // Returns at once when a request was just begun. Waiting comes first, so that the caller sees
  // what finished as soon as it has.
  absl::Duration wait = std::min(longest, UntilFirstWaitingExpires());
  int64_t milliseconds = absl::ToInt64Milliseconds(absl::Ceil(wait, absl::Milliseconds(1)));
  curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(milliseconds), nullptr);
  int running = 0;
  curl_multi_perform(multi_.get(), &running);
  CollectFinished();
}

void Driver::StartWaiting() {
  absl::Time now = clock_.Now();
  while (!waiting_.empty()) {
    auto found = requests_.find(waiting_.front());
    bool gone = found == requests_.end();
    bool expired = !gone && found->second->deadline <= now;
    if (!gone && !expired && under_way_ >= options_.max_concurrent) return;
    waiting_.pop_front();
    if (gone) continue;
    Request& request = *found->second;
    if (expired) {
      End(request, Failure(failure::kTimeout, "timed out before there was a place to send it"));
      continue;
    }
    absl::Status sendable = CheckSendable(request.http);
    if (!sendable.ok()) {
      End(request, Failure(failure::kBadRequest, Text(sendable)));
      continue;
    }
    absl::StatusOr<Url> url = Url::Parse(request.http.url);
    if (!url.ok()) {
      End(request, Failure(failure::kBadUrl, Text(url.status())));
      continue;
    }
    request.url = *std::move(url);
    BeginHop(request);
  }
}

absl::Duration Driver::UntilFirstWaitingExpires() const {
  absl::Time first = absl::InfiniteFuture();
  for (Id id : waiting_) {
    auto found = requests_.find(id);
    if (found != requests_.end()) first = std::min(first, found->second->deadline);
  }
  return std::max(first - clock_.Now(), absl::ZeroDuration());
}

void Driver::BeginHop(Request& request) {
  absl::Status allowed = guard_.CheckTarget(request.url->scheme(), request.url->port());
  if (!allowed.ok()) return End(request, Failure(failure::kEgressDenied, Text(allowed)));
  absl::Duration left = request.deadline - clock_.Now();
  if (left <= absl::ZeroDuration()) return End(request, Failure(failure::kTimeout, "timed out"));
  request.exchange =
      std::make_unique<Exchange>(guard_, options_.limits, request.http, *request.url, left);
  curl_easy_setopt(request.exchange->easy(), CURLOPT_PRIVATE, &request);
  curl_multi_add_handle(multi_.get(), request.exchange->easy());
  ++under_way_;
}

void Driver::CollectFinished() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    char* request = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &request);
    EndHop(*reinterpret_cast<Request*>(request), message->data.result);
  }
}

void Driver::EndHop(Request& request, CURLcode code) {
  curl_multi_remove_handle(multi_.get(), request.exchange->easy());
  --under_way_;
  HttpResult result = request.exchange->Finish(code);
  request.exchange.reset();
  auto* response = std::get_if<HttpResponse>(&result);
  if (response != nullptr && FollowedRedirect(request, *response)) return;
  End(request, std::move(result));
}

bool Driver::FollowedRedirect(Request& request, const HttpResponse& response) {
  std::optional<std::string> target = RedirectTarget(response);
  if (!target || request.http.max_redirects <= 0) return false;
  auto fail = [&](std::string_view type, std::string_view message) {
    End(request, Failure(type, message));
    return true;
  };
  if (++request.redirects > request.http.max_redirects) {
    return fail(failure::kTooManyRedirects, "redirected more often than allowed");
  }
  absl::StatusOr<Url> next = request.url->Resolve(*target);
  if (!next.ok()) return fail(failure::kBadUrl, "redirected to a " + Text(next.status()));
  if (request.url->scheme() == "https" && next->scheme() != "https") {
    return fail(failure::kEgressDenied, "redirected from https to a less safe scheme");
  }
  FollowRedirect(request.http, response.status, *request.url, *next);
  request.url = *std::move(next);
  BeginHop(request);
  return true;
}

void Driver::End(Request& request, HttpResult result) {
  if (request.exchange != nullptr) {
    curl_multi_remove_handle(multi_.get(), request.exchange->easy());
    request.exchange.reset();
    --under_way_;
  }
  auto ended = requests_.extract(request.id);
  ended.mapped()->done(std::move(result));
}

}  // namespace penstock::egress
