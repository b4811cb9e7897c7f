#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "libs/testing/postgres.h"
#include "services/migrate/schema_dump.h"

namespace penstock::migrate {
namespace {

TEST_CASE("schema.sql is what the migrations make (else: bazel run //services/migrate:update_schema)") {
  std::ifstream file("services/migrate/schema.sql");
  REQUIRE(file);
  std::istringstream actual(DumpSchema(testing::TestDatabase()));
  std::string expected_line;
  std::string actual_line;
  int number = 0;
  while (std::getline(file, expected_line)) {
    ++number;
    CAPTURE(number);
    REQUIRE(std::getline(actual, actual_line));
    REQUIRE(actual_line == expected_line);
  }
  CHECK_FALSE(std::getline(actual, actual_line));
}

}  // namespace
}  // namespace penstock::migrate
