#include "docs/page/roles_page.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

namespace penstock::docs {
namespace {

TEST_CASE("docs/roles.md is what the services ask: bazel run //docs:write_roles_page > docs/roles.md") {
  std::ifstream file("docs/roles.md");
  REQUIRE(file.good());
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == RolesPage());
}

}  // namespace
}  // namespace penstock::docs
