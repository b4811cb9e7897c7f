#include "libs/json/path.h"

#include <catch2/catch.hpp>

namespace penstock::json {
namespace {

std::string Keys(std::string_view text) {
  const std::optional<Path> path = ParsePath(text);
  if (!path) return "none";
  std::string keys;
  for (const PathSegment& segment : *path) keys += segment.key + (segment.index ? "# " : " ");
  return keys;
}

TEST_CASE("a path is keys with dots and indexes in brackets") {
  CHECK(Keys("a") == "a ");
  CHECK(Keys("a.b-c.$d_1") == "a b-c $d_1 ");
  CHECK(Keys("a[0].b.1") == "a 0# b 1# ");
  CHECK(Keys("[2][3]") == "2# 3# ");
  CHECK(Keys("größe") == "größe ");
}

TEST_CASE("a quoted key holds anything but its quote, and is never an index") {
  CHECK(Keys(R"(a["b c"]['d.e'].f)") == "a b c d.e f ");
  CHECK(Keys(R"(["0"])") == "0 ");
}

TEST_CASE("what is not a path is none") {
  for (const char* text : {"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[-1]", "a[0", "a b",
                           "a+b", "a()", "[\"x", "[\"x\"", "a[0]b", "a.[0]", "a[9999999999]"}) {
    INFO(text);
    CHECK(Keys(text) == "none");
  }
  std::string deep = "a";
  for (int i = 0; i < 64; ++i) deep += ".a";
  CHECK(Keys(deep) == "none");
}

}  // namespace
}  // namespace penstock::json
