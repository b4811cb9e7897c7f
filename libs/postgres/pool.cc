#include "libs/postgres/pool.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/postgres/backoff.h"
#include "libs/postgres/session_check.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::postgres {
namespace {

constexpr absl::Duration kConnectTimeout = absl::Seconds(5);
constexpr absl::Duration kFirstBackoff = absl::Milliseconds(20);
constexpr absl::Duration kMaxBackoff = absl::Seconds(2);
constexpr absl::Duration kRetryWhenExhausted = absl::Milliseconds(250);

constexpr Statement kIsReadOnly{
    "is_read_only", "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool"};

bool MayPass(const absl::Status& connect_error) {
  return absl::IsUnavailable(connect_error) || absl::IsResourceExhausted(connect_error);
}

// Deadlines here bound real waiting on locks and sockets, so they are on the real clock and not an injected one.
class BoundedPool final : public Pool {
 public:
  explicit BoundedPool(PoolOptions options) : options_(std::move(options)) {}

  using Pool::Acquire;
  absl::StatusOr<Handle> Acquire(absl::Time deadline) override {
    RETURN_IF_ERROR(TakeSlot(deadline));
    absl::StatusOr<std::unique_ptr<Connection>> connection = TakeIdle();
    if (*connection == nullptr) connection = Connect(deadline);
    if (!connection.ok()) {
      absl::MutexLock lock(&mutex_);
      --busy_;
      return connection.status();
    }
    return Handle(connection->release(), [this](Connection* returned) {
      if (returned != nullptr) Return(std::unique_ptr<Connection>(returned));
    });
  }

  using Pool::CheckWritable;
  absl::Status CheckWritable(absl::Time deadline) override {
    ASSIGN_OR_RETURN(Handle connection, Acquire(deadline));
    RETURN_IF_ERROR(CheckSession(*connection));
    ASSIGN_OR_RETURN(Result result, connection->Execute(kIsReadOnly));
    if (!result.Get<bool>(0, 0)) return absl::OkStatus();
    return WithReason(absl::UnavailableError("the database is read-only (a standby?)"), "READ_ONLY");
  }

  const PoolOptions& options() const override { return options_; }

  Usage usage() const override {
    absl::MutexLock lock(&mutex_);
    return {busy_, static_cast<int>(idle_.size()), static_cast<int>(waiters_.size())};
  }

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    absl::Time since;
  };

  // Waits in line for the right to use one connection, idle or yet to be made.
  absl::Status TakeSlot(absl::Time deadline) {
    absl::MutexLock lock(&mutex_);
    auto place = waiters_.insert(waiters_.end(), 0);
    auto is_my_turn = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return waiters_.begin() == place && busy_ < options_.max_connections;
    };
    bool got_it = mutex_.AwaitWithDeadline(absl::Condition(&is_my_turn), deadline);
    waiters_.erase(place);
    if (!got_it) {
      return WithRetryAfter(absl::ResourceExhaustedError(fmt::format(
                                "all {} database connections are busy", options_.max_connections)),
                            kRetryWhenExhausted);
    }
    ++busy_;
    return absl::OkStatus();
  }

  // The most recently used one that still lives, or nullptr. Never more connections than slots: busy ones hold a slot each and idle
  // ones are trimmed to what is left on return.
  std::unique_ptr<Connection> TakeIdle() {
    std::vector<std::unique_ptr<Connection>> dead;  // closed outside the lock
    absl::MutexLock lock(&mutex_);
    while (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back().connection);
      idle_.pop_back();
      if (connection->CheckAlive()) return connection;
      dead.push_back(std::move(connection));
    }
    return nullptr;
  }

  absl::StatusOr<std::unique_ptr<Connection>> Connect(absl::Time deadline) {
    while (true) {
      AwaitBackoff(deadline);
      absl::Duration left = std::max(deadline - absl::Now(), absl::Milliseconds(1));
      auto connection = Connection::Open(options_.conninfo, std::min(left, kConnectTimeout), options_.session);
      absl::MutexLock lock(&mutex_);
      if (connection.ok()) {
        backoff_.Reset();
        next_attempt_ = absl::InfinitePast();
        return connection;
      }
      next_attempt_ = absl::Now() + backoff_.Next();
      if (!MayPass(connection.status()) || next_attempt_ >= deadline) return connection.status();
    }
  }

  // Once is enough: what is between us and the database is a matter of deployment.
  absl::Status CheckSession(Connection& connection) {
    if (options_.session == Session::kShared || session_is_known_) return absl::OkStatus();
    RETURN_IF_ERROR(CheckSessionIsOwn(connection, options_.conninfo, kConnectTimeout));
    session_is_known_ = true;
    return absl::OkStatus();
  }

  // Failures of all callers add up to one back-off: a database that comes back is not met by a stampede.
  void AwaitBackoff(absl::Time deadline) {
    absl::MutexLock lock(&mutex_);
    auto never = [] { return false; };
    mutex_.AwaitWithDeadline(absl::Condition(&never), std::min(next_attempt_, deadline));
  }

  void Return(std::unique_ptr<Connection> connection) {
    std::vector<std::unique_ptr<Connection>> surplus;  // closed outside the lock
    bool keep = connection->healthy() && !connection->in_transaction();
    absl::MutexLock lock(&mutex_);
    --busy_;
    if (keep) {
      idle_.push_back({std::move(connection), absl::Now()});
    } else {
      surplus.push_back(std::move(connection));
    }
    // The oldest is in front.
    while (static_cast<int>(idle_.size()) > options_.min_connections &&
           idle_.front().since + options_.idle_timeout < absl::Now()) {
      surplus.push_back(std::move(idle_.front().connection));
      idle_.pop_front();
    }
  }

  const PoolOptions options_;
  std::atomic<bool> session_is_known_ = false;
  mutable absl::Mutex mutex_;
  int busy_ ABSL_GUARDED_BY(mutex_) = 0;
  std::list<Idle> idle_ ABSL_GUARDED_BY(mutex_);
  std::list<int> waiters_ ABSL_GUARDED_BY(mutex_);
  Backoff backoff_ ABSL_GUARDED_BY(mutex_){kFirstBackoff, kMaxBackoff};
  absl::Time next_attempt_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace

absl::StatusOr<std::unique_ptr<Pool>> Pool::Create(PoolOptions options) {
  if (options.max_connections < 1) return InvalidField("max_connections", "must be at least 1");
  if (options.min_connections < 0 || options.min_connections > options.max_connections) {
    return InvalidField("min_connections", "must be between 0 and max_connections");
  }
  return std::make_unique<BoundedPool>(std::move(options));
}

absl::StatusOr<Pool::Handle> Pool::Acquire() {
  return Acquire(absl::Now() + options().acquire_timeout);
}

absl::Status Pool::CheckWritable() { return CheckWritable(absl::Now() + options().acquire_timeout); }

}  // namespace penstock::postgres
