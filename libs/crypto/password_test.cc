#include "libs/crypto/password.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cctype>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "libs/status/details.h"

namespace penstock::crypto {
namespace {

constexpr absl::Time kNoDeadline = absl::InfiniteFuture();
constexpr PasswordHasher::Options kCheap = {.memory_bytes = 1 << 20, .passes = 1};

TEST_CASE("a hash is Argon2id with the declared cost, and its own salt") {
  PasswordHasher hasher;
  const std::string first = *hasher.Hash("correct horse", kNoDeadline);
  CHECK(first.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  CHECK(first != *hasher.Hash("correct horse", kNoDeadline));
  CHECK(first.find("horse") == std::string::npos);
}

TEST_CASE("the password of a hash is told from every other") {
  PasswordHasher hasher(kCheap);
  const std::string hash = *hasher.Hash("correct horse", kNoDeadline);
  CHECK(*hasher.Verify("correct horse", hash, kNoDeadline));
  for (const char* wrong : {"correct horsE", "correct hors", "correct horse ", ""}) {
    CHECK_FALSE(*hasher.Verify(wrong, hash, kNoDeadline));
  }
  const std::string zero("correct\0horse", 13);
  CHECK_FALSE(*hasher.Verify("correct", *hasher.Hash(zero, kNoDeadline), kNoDeadline));
}

TEST_CASE("nobody's hash and a broken one are never right") {
  PasswordHasher hasher(kCheap);
  CHECK_FALSE(*hasher.Verify("", "", kNoDeadline));
  CHECK_FALSE(*hasher.Verify("anything", "", kNoDeadline));
  CHECK_FALSE(*hasher.Verify("anything", "$argon2id$v=19$m=65536", kNoDeadline));
}

TEST_CASE("who gets no turn before the deadline is told to come back") {
  PasswordHasher hasher({.memory_bytes = 1 << 20, .passes = 1, .max_concurrent = 0});
  const absl::Status status = hasher.Hash("x", absl::Now() + absl::Milliseconds(5)).status();
  CHECK(absl::IsResourceExhausted(status));
  CHECK(RetryAfterOf(status) > absl::ZeroDuration());
}

TEST_CASE("many at once all get their turn") {
  PasswordHasher hasher(kCheap);
  const std::string hash = *hasher.Hash("x", kNoDeadline);
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] { right += *hasher.Verify("x", hash, kNoDeadline); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 16);
}

TEST_CASE(
    "a temporary password has all four classes, nothing that looks alike, and never comes twice") {
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    const std::string password = MakeTemporaryPassword();
    REQUIRE(password.size() >= 12);
    CHECK(std::ranges::any_of(password, [](unsigned char c) { return std::islower(c); }));
    CHECK(std::ranges::any_of(password, [](unsigned char c) { return std::isupper(c); }));
    CHECK(std::ranges::any_of(password, [](unsigned char c) { return std::isdigit(c); }));
    CHECK(std::ranges::any_of(password, [](unsigned char c) { return std::ispunct(c); }));
    CHECK(password.find_first_of("0O1lI") == std::string::npos);
    CHECK(seen.insert(password).second);
  }
}

TEST_CASE("no place of a temporary password is kept for one class") {
  std::map<size_t, int> digits;
  for (int i = 0; i < 4000; ++i) {
    const std::string password = MakeTemporaryPassword();
    for (size_t at = 0; at < password.size(); ++at) {
      digits[at] += std::isdigit(static_cast<unsigned char>(password[at])) != 0;
    }
  }
  // About 608 are expected at each place, (1 + 12 * 8/67) / 16 of 4000; 150 off is more than six
  // standard deviations.
  for (const auto& [at, count] : digits) {
    CAPTURE(at);
    CHECK(count > 458);
    CHECK(count < 758);
  }
}

}  // namespace
}  // namespace penstock::crypto
