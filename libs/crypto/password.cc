#include "libs/crypto/password.h"

#include <sodium.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::crypto {
namespace {

// Without 0 O 1 l I and what a shell or a mail client would change.
constexpr std::array<std::string_view, 4> kClasses = {
    "abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!#%+-:?@_"};
constexpr size_t kTemporaryLength = 16;
constexpr absl::Duration kRetryAfter = absl::Seconds(1);

char PickFrom(std::string_view characters) {
  return characters[randombytes_uniform(static_cast<uint32_t>(characters.size()))];
}

}  // namespace

// A place among max_concurrent.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {}
  ~Turn() { hasher_.GiveBack(); }
  Turn(const Turn&) = delete;

 private:
  PasswordHasher& hasher_;
};

PasswordHasher::PasswordHasher(const Options& options)
    : options_(options), nobodys_hash_(HashNow(MakeTemporaryPassword())) {}

absl::Status PasswordHasher::TakeTurn(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return hashing_ < options_.max_concurrent;
  };
  if (!mutex_.AwaitWithDeadline(absl::Condition(&free), deadline)) {
    return WithRetryAfter(
        WithReason(absl::ResourceExhaustedError("too many sign-ins at once"), "TOO_MANY_CALLS"),
        kRetryAfter);
  }
  ++hashing_;
  return absl::OkStatus();
}

void PasswordHasher::GiveBack() {
  absl::MutexLock lock(&mutex_);
  --hashing_;
}

std::string PasswordHasher::HashNow(std::string_view password) const {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  // Fails only when there is no memory: nothing sensible can follow.
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), options_.passes,
                            options_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    std::abort();
  }
  hash.resize(hash.find('\0'));
  return hash;
}

absl::StatusOr<std::string> PasswordHasher::Hash(std::string_view password, absl::Time deadline) {
  RETURN_IF_ERROR(TakeTurn(deadline));
  Turn turn(*this);
  return HashNow(password);
}

absl::StatusOr<bool> PasswordHasher::Verify(std::string_view password, const std::string& hash,
                                            absl::Time deadline) {
  RETURN_IF_ERROR(TakeTurn(deadline));
  Turn turn(*this);
  const std::string& compared = hash.empty() ? nobodys_hash_ : hash;
  const bool same =
      crypto_pwhash_str_verify(compared.c_str(), password.data(), password.size()) == 0;
  return same && !hash.empty();
}

std::string MakeTemporaryPassword() {
  if (sodium_init() < 0) std::abort();
  std::string all;
  for (std::string_view characters : kClasses) all += characters;
  std::string password;
  for (std::string_view characters : kClasses) password += PickFrom(characters);
  while (password.size() < kTemporaryLength) password += PickFrom(all);
  // Fisher-Yates, so that the first four places are like any others.
  for (size_t i = password.size() - 1; i > 0; --i) {
    std::swap(password[i], password[randombytes_uniform(static_cast<uint32_t>(i + 1))]);
  }
  return password;
}

}  // namespace penstock::crypto
