#include "libs/recent/recent.h"

#include <catch2/catch.hpp>
#include <string>

namespace penstock {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'000'000);

TEST_CASE("what was read is there until it is too old") {
  Recent<std::string, int> recent(absl::Seconds(2));
  CHECK_FALSE(recent.Find("a", kNow));
  recent.Put("a", 7, kNow, recent.generation());
  CHECK(recent.Find("a", kNow + absl::Milliseconds(1999)) == 7);
  CHECK_FALSE(recent.Find("a", kNow + absl::Seconds(2)));
}

TEST_CASE("what is forgotten is not there, the rest is") {
  Recent<std::string, int> recent(absl::Seconds(2));
  for (const char* key : {"a", "b", "bc"}) recent.Put(key, 1, kNow, recent.generation());
  recent.Forget("a");
  CHECK_FALSE(recent.Find("a", kNow));
  CHECK(recent.Find("b", kNow));
  recent.ForgetIf([](const std::string& key) { return key.starts_with('b'); });
  CHECK(recent.size() == 0);
}

TEST_CASE("what was read before it was changed is not kept after it") {
  Recent<std::string, int> recent(absl::Seconds(2));
  const int64_t before = recent.generation();
  recent.Forget("a");
  recent.Put("a", 1, kNow, before);
  CHECK_FALSE(recent.Find("a", kNow));
}

TEST_CASE("there are never more than so many, and old ones go first") {
  Recent<int, int> recent(absl::Seconds(2), 3);
  recent.Put(1, 1, kNow - absl::Seconds(5), recent.generation());
  recent.Put(2, 2, kNow, recent.generation());
  recent.Put(3, 3, kNow, recent.generation());
  recent.Put(4, 4, kNow, recent.generation());
  CHECK(recent.size() == 3);
  CHECK(recent.Find(2, kNow) == 2);
  recent.Put(5, 5, kNow, recent.generation());
  CHECK(recent.size() <= 3);
  CHECK(recent.Find(5, kNow) == 5);
}

}  // namespace
}  // namespace penstock
