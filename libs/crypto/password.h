// Passwords: Argon2id hashes, by libsodium, and temporary passwords.
//
// A hash costs 64 MiB and about 60 ms on purpose. A PasswordHasher bounds how many are computed at
// once, so that a burst of sign-ins takes time and not all memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace penstock::crypto {

class PasswordHasher {
 public:
  struct Options {
    // As libsodium's "interactive", above what OWASP asks for (19 MiB, 2 passes).
    size_t memory_bytes = 64 << 20;
    unsigned long long passes = 2;
    int max_concurrent = 2;  // times memory_bytes is what hashing takes at most
  };

  explicit PasswordHasher(const Options& options);
  PasswordHasher() : PasswordHasher(Options()) {}

  // "$argon2id$v=19$m=...", 97 characters at most, with a salt of its own. RESOURCE_EXHAUSTED with
  // RetryInfo when no turn came before the deadline.
  absl::StatusOr<std::string> Hash(std::string_view password, absl::Time deadline);

  // Whether `hash` is of `password`. An empty hash is nobody's: it takes as long as a wrong
  // password and is false, so that time does not tell whether an account exists. Errors as Hash.
  absl::StatusOr<bool> Verify(std::string_view password, const std::string& hash,
                              absl::Time deadline);

 private:
  class Turn;
  absl::Status TakeTurn(absl::Time deadline);
  void GiveBack();
  std::string HashNow(std::string_view password) const;

  const Options options_;
  const std::string nobodys_hash_;
  absl::Mutex mutex_;
  int hashing_ ABSL_GUARDED_BY(mutex_) = 0;
};

// 16 characters with lower-case and upper-case letters, digits and symbols, at least one of each,
// from the kernel's random numbers and without bias; none that look alike or that mail would encode. About 95 bits.
std::string MakeTemporaryPassword();

}  // namespace penstock::crypto
