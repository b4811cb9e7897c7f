#include "docs/page/providers_page.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

namespace penstock::docs {
namespace {

TEST_CASE(
    "docs/providers.md is the catalogue: bazel run //docs:write_providers_page > "
    "docs/providers.md") {
  const auto catalogue = connector::Catalogue::CreateEmbedded();
  REQUIRE(catalogue.ok());
  std::ifstream file("docs/providers.md");
  REQUIRE(file.good());
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == ProvidersPage(*catalogue));
}

}  // namespace
}  // namespace penstock::docs
