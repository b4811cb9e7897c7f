#include "libs/json_schema/number.h"

#include "catch2/catch.hpp"

namespace penstock::json_schema {
namespace {

using Json = nlohmann::json;

int Order(const char* a, const char* b) { return CompareNumbers(Json::parse(a), Json::parse(b)); }
bool Multiple(const char* a, const char* b) { return IsMultiple(Json::parse(a), Json::parse(b)); }

TEST_CASE("numbers are compared by what they are, not how they are held") {
  CHECK(Order("1", "1.0") == 0);
  CHECK(Order("-1", "18446744073709551615") < 0);
  CHECK(Order("9007199254740993", "9007199254740992.0") > 0);
  CHECK(Order("18446744073709551615", "18446744073709551616.0") < 0);
  CHECK(Order("-9223372036854775808", "-9223372036854775808.0") == 0);
  CHECK(Order("1e300", "2") > 0);
}

TEST_CASE("multiples are decimal") {
  CHECK(Multiple("19.99", "0.01"));
  CHECK(Multiple("0.3", "0.1"));
  CHECK(Multiple("-4.5", "1.5"));
  CHECK(Multiple("0", "7"));
  CHECK(Multiple("1e300", "1e298"));
  CHECK(Multiple("18446744073709551615", "5"));
  CHECK(Multiple("-9223372036854775808", "2"));
  CHECK_FALSE(Multiple("19.995", "0.01"));
  CHECK_FALSE(Multiple("0.35", "0.1"));
  CHECK_FALSE(Multiple("1", "1e300"));
  CHECK_FALSE(Multiple("1e308", "0.123456789"));
  CHECK_FALSE(Multiple("18446744073709551615", "2"));
}

TEST_CASE("integers may be written with a fraction of zeros") {
  CHECK(IsInteger(Json::parse("1.0")));
  CHECK(IsInteger(Json::parse("1e300")));
  CHECK_FALSE(IsInteger(Json::parse("1.5")));
  CHECK_FALSE(IsInteger(Json("1")));
}

}  // namespace
}  // namespace penstock::json_schema
