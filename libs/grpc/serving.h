// What every RPC of a process shares: who may call, threads for blocking handlers, limits, metrics.
// Owned by App.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "libs/auth/authenticator.h"
#include "libs/auth/role_table.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"

namespace penstock::rpc {

using auth::CallContext;

// When the client stops waiting; infinite when it set no deadline.
absl::Time DeadlineOf(const ::grpc::CallbackServerContext& context);

// How a stream ends whose server is about to stop: UNAVAILABLE, reason DRAINING, with RetryInfo.
absl::Status Draining();

struct ServingOptions {
  absl::Duration default_deadline = absl::Seconds(30);  // for unary calls whose client set none
  absl::Duration max_deadline = absl::Minutes(10);      // longer ones are cut, silently
  int max_in_flight = 10'000;  // unary calls; past it RESOURCE_EXHAUSTED at once
  int max_streams = 1'000;     // server streams, likewise
};

class Serving {
 public:
  // All references outlive this object.
  Serving(const auth::BearerAuthenticator& authenticator, const auth::RoleTable& roles,
          lifecycle::ThreadPool& workers, metrics::Registry& registry, const Clock& clock,
          ServingOptions options = {});
  ~Serving();

  // Who calls, and whether it may call `full_method` ("/package.Service/Method"); fills request id,
  // trace and deadline. May block on a look-up of the credential. For streams written by hand;
  // Serve does it itself.
  absl::StatusOr<CallContext> Authenticate(const ::grpc::CallbackServerContext& context,
                                           std::string_view full_method) const;
  // As above when no look-up is needed, else none. Never blocks.
  std::optional<absl::StatusOr<CallContext>> TryAuthenticate(
      const ::grpc::CallbackServerContext& context, std::string_view full_method) const;

  // Counts and logs one finished call. Called by Serve; for streams written by hand.
  void Record(std::string_view full_method, const absl::Status& status, absl::Duration duration,
              const CallContext& caller) const;

  // A place among max_in_flight; gives it back when it dies. RESOURCE_EXHAUSTED with RetryInfo when
  // there is none.
  class Slot {
   public:
    Slot() = default;
    explicit Slot(std::atomic<int>* in_flight) : in_flight_(in_flight) {}
    Slot(Slot&& other) noexcept : in_flight_(std::exchange(other.in_flight_, nullptr)) {}
    Slot& operator=(Slot&& other) noexcept {
      std::swap(in_flight_, other.in_flight_);
      return *this;
    }
    ~Slot() {
      if (in_flight_ != nullptr) in_flight_->fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    std::atomic<int>* in_flight_ = nullptr;
  };
  absl::StatusOr<Slot> Enter();
  // The same among max_streams.
  absl::StatusOr<Slot> EnterStream();

  // The process is about to stop: no new streams, and those that would go on for as long as their clients like are told to end. Unary calls
  // are left to finish.
  void StartDrain();
  bool draining() const;
  // Calls `drain` once when that happens, at once if it has; not after its handle was dropped, but perhaps while it is. Must not block.
  using DrainHandle = std::shared_ptr<void>;
  [[nodiscard]] DrainHandle OnDrain(std::function<void()> drain);

  // Runs a handler with the caller's ids on its log lines. What it throws becomes INTERNAL, logged
  // and without its text.
  absl::Status Guard(const CallContext& caller, absl::FunctionRef<absl::Status()> handler) const;

  lifecycle::ThreadPool& workers() const { return workers_; }
  const Clock& clock() const { return clock_; }
  const ServingOptions& options() const { return options_; }

 private:
  struct Measures;
  struct DrainListeners;
  // What follows once it is known who calls.
  absl::StatusOr<CallContext> Admit(const ::grpc::CallbackServerContext& context,
                                    std::string_view full_method,
                                    absl::StatusOr<CallContext> caller) const;

  const auth::BearerAuthenticator& authenticator_;
  const auth::RoleTable& roles_;
  lifecycle::ThreadPool& workers_;
  const Clock& clock_;
  const ServingOptions options_;
  std::atomic<int> in_flight_{0};
  std::atomic<int> streams_{0};
  std::unique_ptr<Measures> measures_;
  const std::shared_ptr<DrainListeners> drain_listeners_;
};

}  // namespace penstock::rpc
