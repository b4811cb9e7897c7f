#include "services/interfaces/domain/login_throttle.h"

#include <algorithm>
#include <iterator>

namespace penstock::interfaces {
namespace {

// Zero, or how long the bucket is too full for one more.
int64_t WaitOf(const LoginThrottle::Bucket& bucket, int64_t empty_at, int64_t now) {
  const int64_t interval = absl::ToInt64Nanoseconds(bucket.interval);
  return std::max<int64_t>(0, std::max(empty_at, now) + interval - now - interval * bucket.burst);
}

}  // namespace

absl::Duration LoginThrottle::Begin(std::string_view account, std::string_view address,
                                    absl::Time time) {
  const int64_t now = absl::ToUnixNanos(time);
  absl::MutexLock lock(&mutex_);
  MakeRoom(accounts_, now);
  MakeRoom(addresses_, now);
  int64_t& account_empty = accounts_[std::string(account)];
  int64_t& address_empty = addresses_[std::string(address)];
  const int64_t wait = std::max(WaitOf(options_.account, account_empty, now),
                                WaitOf(options_.address, address_empty, now));
  if (wait > 0) return absl::Nanoseconds(wait);
  account_empty =
      std::max(account_empty, now) + absl::ToInt64Nanoseconds(options_.account.interval);
  address_empty =
      std::max(address_empty, now) + absl::ToInt64Nanoseconds(options_.address.interval);
  return absl::ZeroDuration();
}

void LoginThrottle::Succeed(std::string_view account, std::string_view address) {
  absl::MutexLock lock(&mutex_);
  // Who knows the password is not guessing: the account's count ends; the address gets back its one
  // place.
  accounts_.erase(std::string(account));
  auto found = addresses_.find(std::string(address));
  if (found != addresses_.end()) {
    found->second -= absl::ToInt64Nanoseconds(options_.address.interval);
  }
}

size_t LoginThrottle::size() const {
  absl::MutexLock lock(&mutex_);
  return accounts_.size() + addresses_.size();
}

void LoginThrottle::MakeRoom(Table& table, int64_t now) {
  if (table.size() < options_.max_entries / 2) return;
  std::erase_if(table, [now](const auto& entry) { return entry.second <= now; });
  // All of them busy: an attack by many. Any may go, for memory is what must hold.
  while (table.size() >= std::max<size_t>(1, options_.max_entries / 2)) table.erase(table.begin());
}

}  // namespace penstock::interfaces
