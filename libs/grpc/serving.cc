#include "libs/grpc/serving.h"

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fmt/format.h"
#include "libs/grpc/trace_context.h"
#include "libs/ids/uuid.h"
#include "libs/log/log.h"
#include "libs/log/rate_limit.h"
#include "libs/status/details.h"

namespace penstock::rpc {
namespace {

constexpr size_t kCodes = 17;
constexpr size_t kMaxRequestIdBytes = 128;
constexpr absl::Duration kRetryAfter = absl::Milliseconds(200);

std::string_view Header(const ::grpc::CallbackServerContext& context, const char* name) {
  auto found = context.client_metadata().find(name);
  if (found == context.client_metadata().end()) return {};
  return {found->second.data(), found->second.size()};
}

// Only what can stand in a log line and a header as it is.
bool IsSaneRequestId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxRequestIdBytes &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.' || c == ':';
         });
}

absl::Status Overloaded(const char* what) {
  return WithRetryAfter(
      WithReason(absl::ResourceExhaustedError(fmt::format("too many {} at once", what)),
                 "TOO_MANY_CALLS"),
      kRetryAfter);
}

absl::StatusOr<Serving::Slot> TakeSlot(std::atomic<int>& taken, int limit, const char* what) {
  Serving::Slot slot(&taken);
  if (taken.fetch_add(1, std::memory_order_relaxed) >= limit) return Overloaded(what);
  return slot;
}

// Errors of ours, as opposed to those of callers.
bool IsOurFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

}  // namespace

absl::Time DeadlineOf(const ::grpc::CallbackServerContext& context) {
  gpr_timespec deadline = gpr_convert_clock_type(context.raw_deadline(), GPR_CLOCK_REALTIME);
  if (gpr_time_cmp(deadline, gpr_inf_future(GPR_CLOCK_REALTIME)) == 0) {
    return absl::InfiniteFuture();
  }
  return absl::FromUnixSeconds(deadline.tv_sec) + absl::Nanoseconds(deadline.tv_nsec);
}

// Handles by method, made at a method's first call.
struct Serving::Measures {
  struct OfMethod {
    std::array<std::optional<metrics::Counter>, kCodes> finished;
    std::optional<metrics::Histogram> duration;
  };

  explicit Measures(metrics::Registry& registry) : registry(registry) {}

  metrics::Registry& registry;
  metrics::Registry::CollectorHandle collector;
  mutable log::RateLimit failures{absl::Seconds(1)};
  absl::Mutex mutex;
  std::map<std::string, OfMethod, std::less<>> methods ABSL_GUARDED_BY(mutex);

  void Count(std::string_view full_method, absl::StatusCode code, absl::Duration duration) {
    absl::MutexLock lock(&mutex);
    auto found = methods.find(full_method);
    if (found == methods.end()) found = methods.emplace(full_method, OfMethod()).first;
    OfMethod& method = found->second;
    std::string name(full_method);
    auto& finished = method.finished[std::min(static_cast<size_t>(code), kCodes - 1)];
    if (!finished) {
      finished = registry.Counter("penstock_rpc_finished_total", "Calls served, by outcome.",
                                  {{"method", name}, {"code", absl::StatusCodeToString(code)}});
    }
    if (!method.duration) {
      method.duration = registry.Histogram("penstock_rpc_duration_seconds", "Time to serve a call.",
                                           metrics::LatencyBuckets(), {{"method", name}});
    }
    finished->Increment();
    method.duration->Observe(absl::ToDoubleSeconds(duration));
  }
};

absl::Status Draining() {
  return WithRetryAfter(WithReason(absl::UnavailableError("this server is about to stop"), "DRAINING"), kRetryAfter);
}

struct Serving::DrainListeners {
  mutable absl::Mutex mutex;
  bool draining ABSL_GUARDED_BY(mutex) = false;
  std::vector<std::shared_ptr<std::function<void()>>> listeners ABSL_GUARDED_BY(mutex);
};

Serving::Serving(const auth::BearerAuthenticator& authenticator, const auth::RoleTable& roles,
                 lifecycle::ThreadPool& workers, metrics::Registry& registry, const Clock& clock,
                 ServingOptions options)
    : authenticator_(authenticator),
      roles_(roles),
      workers_(workers),
      clock_(clock),
      options_(options),
      measures_(std::make_unique<Measures>(registry)),
      drain_listeners_(std::make_shared<DrainListeners>()) {
  auto in_flight = registry.Gauge("penstock_rpc_in_flight", "Unary calls being served.");
  auto streams = registry.Gauge("penstock_rpc_streams", "Server streams that are open.");
  auto queued = registry.Gauge("penstock_rpc_queued", "Calls waiting for a worker thread.");
  measures_->collector = registry.AddCollector([this, in_flight, streams, queued]() mutable {
    in_flight.Set(in_flight_.load(std::memory_order_relaxed));
    streams.Set(streams_.load(std::memory_order_relaxed));
    queued.Set(static_cast<double>(workers_.queued()));
  });
}

Serving::~Serving() = default;

absl::StatusOr<CallContext> Serving::Authenticate(const ::grpc::CallbackServerContext& context,
                                                  std::string_view full_method) const {
  absl::Time deadline = std::min(DeadlineOf(context), clock_.Now() + options_.default_deadline);
  absl::StatusOr<CallContext> caller =
      roles_.IsPublic(full_method)
          ? CallContext()
          : authenticator_.Authenticate(Header(context, "authorization"), deadline);
  return Admit(context, full_method, std::move(caller));
}

std::optional<absl::StatusOr<CallContext>> Serving::TryAuthenticate(
    const ::grpc::CallbackServerContext& context, std::string_view full_method) const {
  if (roles_.IsPublic(full_method)) return Admit(context, full_method, CallContext());
  std::optional<absl::StatusOr<CallContext>> caller =
      authenticator_.TryAuthenticate(Header(context, "authorization"));
  if (!caller) return std::nullopt;
  return Admit(context, full_method, *std::move(caller));
}

absl::StatusOr<CallContext> Serving::Admit(const ::grpc::CallbackServerContext& context,
                                           std::string_view full_method,
                                           absl::StatusOr<CallContext> caller) const {
  if (!caller.ok()) return caller;
  absl::Status allowed = roles_.Check(full_method, *caller);
  if (!allowed.ok()) return allowed;
  std::string_view request_id = Header(context, "x-request-id");
  caller->request_id =
      IsSaneRequestId(request_id) ? std::string(request_id) : Uuid::MakeV7(clock_.Now()).ToString();
  std::optional<auth::Trace> trace = ParseTraceparent(Header(context, "traceparent"));
  caller->trace = trace ? *std::move(trace) : NewTrace();
  caller->deadline = DeadlineOf(context);
  return caller;
}

void Serving::Record(std::string_view full_method, const absl::Status& status,
                     absl::Duration duration, const CallContext& caller) const {
  measures_->Count(full_method, status.code(), duration);
  log::Level level = log::Level::kDebug;
  if (IsOurFault(status.code())) {
    // A broken database must not also fill the disk; the metric counts every one.
    if (measures_->failures.Pass(clock_.Now())) level = log::Level::kError;
  }
  if (!log::IsOn(level)) return;
  log::ScopedIds ids(caller.trace.trace_id, caller.tenant, caller.request_id);
  log::Log(level, "call",
           {{"method", full_method},
            {"code", absl::StatusCodeToString(status.code())},
            {"duration_seconds", duration},
            {"caller", caller.service},
            {"error", std::string(status.message())}});
}

absl::StatusOr<Serving::Slot> Serving::Enter() {
  return TakeSlot(in_flight_, options_.max_in_flight, "calls");
}

absl::StatusOr<Serving::Slot> Serving::EnterStream() {
  if (draining()) return Draining();
  return TakeSlot(streams_, options_.max_streams, "streams");
}

void Serving::StartDrain() {
  std::vector<std::shared_ptr<std::function<void()>>> listeners;
  {
    absl::MutexLock lock(&drain_listeners_->mutex);
    drain_listeners_->draining = true;
    listeners.swap(drain_listeners_->listeners);
  }
  // Outside of the lock: ending a stream drops its handle.
  for (const auto& listener : listeners) (*listener)();
}

bool Serving::draining() const {
  absl::MutexLock lock(&drain_listeners_->mutex);
  return drain_listeners_->draining;
}

Serving::DrainHandle Serving::OnDrain(std::function<void()> drain) {
  auto listener = std::make_shared<std::function<void()>>(std::move(drain));
  {
    absl::MutexLock lock(&drain_listeners_->mutex);
    if (!drain_listeners_->draining) {
      drain_listeners_->listeners.push_back(listener);
      return DrainHandle(listener.get(), [listener, all = drain_listeners_](void*) {
        absl::MutexLock lock(&all->mutex);
        std::erase(all->listeners, listener);
      });
    }
  }
  (*listener)();
  return nullptr;
}

absl::Status Serving::Guard(const CallContext& caller,
                            absl::FunctionRef<absl::Status()> handler) const {
  log::ScopedIds ids(caller.trace.trace_id, caller.tenant, caller.request_id);
  try {
    return handler();
  } catch (const std::exception& error) {
    log::Error("a handler threw", {{"what", error.what()}});
  } catch (...) {
    log::Error("a handler threw", {{"what", "not an exception"}});
  }
  return absl::InternalError("internal error");
}

}  // namespace penstock::rpc
