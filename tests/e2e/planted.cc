#include "tests/e2e/planted.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace penstock::e2e {
namespace {

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

void Planted::CheckSaid() const {
  for (const std::string& secret : secrets_) {
    INFO(secret);
    CHECK_FALSE(HasSaid(secret));
  }
}

Planted::Search Planted::CheckFiles(const std::string& directory, const std::string& witness,
                                    const Expected& expected) const {
  Search search;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const std::string contents = Contents(entry.path());
    ++search.files;
    search.found_witness |= contents.find(witness) != std::string::npos;
    for (const std::string& secret : secrets_) {
      if (contents.find(secret) == std::string::npos) continue;
      if (expected(entry.path().filename(), secret)) continue;
      FAIL_CHECK(secret << " is in " << entry.path());
    }
  }
  return search;
}

}  // namespace penstock::e2e
