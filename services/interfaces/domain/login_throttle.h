// Slows down who guesses passwords: failures are counted for each account and for each address they
// come from.
//
// An attempt takes a place in both buckets before its password is looked at, so that a thousand at
// once are no thousand guesses; a right password gives the places back. Accounts that don't exist
// have buckets like any other. The counts are this process's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace penstock::interfaces {

class LoginThrottle {
 public:
  // `burst` failures at once, and one more after each `interval`.
  struct Bucket {
    int burst;
    absl::Duration interval;
  };
  struct Options {
    Bucket account = {.burst = 10, .interval = absl::Seconds(30)};
    Bucket address = {.burst = 100, .interval = absl::Seconds(1)};
    // Made-up names must not fill memory; past it the fullest tables are swept of what has calmed
    // down.
    size_t max_entries = 100'000;
  };

  explicit LoginThrottle(const Options& options) : options_(options) {}
  LoginThrottle() : LoginThrottle(Options()) {}

  // Zero when the attempt may go on, and its places are taken; else how long until one may, and
  // none is taken.
  absl::Duration Begin(std::string_view account, std::string_view address, absl::Time now);
  // The password was right: gives the places back.
  void Succeed(std::string_view account, std::string_view address);

  size_t size() const;

 private:
  // When each bucket will be empty again, in nanoseconds since the epoch (the generic cell rate
  // algorithm).
  using Table = std::unordered_map<std::string, int64_t>;
  void MakeRoom(Table& table, int64_t now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  mutable absl::Mutex mutex_;
  Table accounts_ ABSL_GUARDED_BY(mutex_);
  Table addresses_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::interfaces
