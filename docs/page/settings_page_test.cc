#include "docs/page/settings_page.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

namespace penstock::docs {
namespace {

TEST_CASE("docs/settings.md is what the programs declare: bazel run //docs:write_settings_page > docs/settings.md") {
  std::ifstream file("docs/settings.md");
  REQUIRE(file.good());
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == SettingsPage());
}

TEST_CASE("the page names the settings of the database too") {
  for (const char* name : {"DB_HOST", "DB_PASSWORD_SERVER", "DB_USER_ENGINE", "DATABASE_URL", "PENSTOCK_ENGINE_GROUPS"}) {
    CHECK(SettingsPage().find("| `" + std::string(name) + "` |") != std::string::npos);
  }
}

}  // namespace
}  // namespace penstock::docs
