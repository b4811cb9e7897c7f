#include "libs/http/percent_encode.h"

#include <catch2/catch.hpp>

#include "libs/http/percent.h"

namespace penstock::http {
namespace {

std::string AllBytes() {
  std::string bytes;
  for (int i = 1; i < 128; ++i) bytes += static_cast<char>(i);
  return bytes + "\xc3\xa9\xe2\x82\xac";
}

TEST_CASE("unreserved characters stay, all else becomes upper-case hex") {
  CHECK(PercentEncode("AZaz09-._~") == "AZaz09-._~");
  CHECK(PercentEncode("a b+c&d=e/f?g#h%") == "a%20b%2Bc%26d%3De%2Ff%3Fg%23h%25");
  CHECK(PercentEncode("\xc3\xa9") == "%C3%A9");
  CHECK(PercentEncode(std::string_view("\0\r\n", 3)) == "%00%0D%0A");
}

TEST_CASE("a form's space is a plus") { CHECK(FormEncode("a b+c~*") == "a+b%2Bc%7E*"); }

TEST_CASE("what is encoded decodes to itself") {
  CHECK(PercentDecode(PercentEncode(AllBytes())) == AllBytes());
  const auto form = ParseQuery("x=" + FormEncode(AllBytes()), 1);
  REQUIRE(form);
  CHECK(form->at(0).second == AllBytes());
}

}  // namespace
}  // namespace penstock::http
