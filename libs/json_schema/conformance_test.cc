// The official test suite, draft-07: everything mandatory, and of what is optional what we support.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "catch2/catch.hpp"
#include "fmt/format.h"
#include "libs/json_schema/schema.h"

namespace penstock::json_schema {
namespace {

using Json = nlohmann::json;

// File, and group of it or "" for all; why it is not asked.
const std::map<std::pair<std::string, std::string>, std::string> kExcluded = {
    {{"refRemote.json", ""}, "references out of the document are refused"},
    {{"ref.json", "remote ref, containing refs itself"}, "a reference out of the document"},
    {{"definitions.json", ""}, "a reference out of the document, to draft-07's own schema"},
    {{"optional/format/idn-hostname.json", ""}, "not checked: takes the tables of IDNA"},
};

std::filesystem::path Suite() {
  const char* runfiles = std::getenv("TEST_SRCDIR");
  REQUIRE(runfiles != nullptr);
  return std::filesystem::path(runfiles) / "json_schema_test_suite/tests/draft7";
}

Json Load(const std::filesystem::path& path) {
  std::ifstream file(path);
  return Json::parse(file);
}

struct Tally {
  int cases = 0;
  std::set<std::pair<std::string, std::string>> excluded;
  std::string wrong;
};

void RunGroup(const std::string& file, const Json& group, Tally& tally) {
  const std::string name = group["description"];
  const absl::StatusOr<Schema> schema = Schema::Compile(group["schema"]);
  if (!schema.ok()) {
    tally.wrong += fmt::format("{}: {}: {}\n", file, name, schema.status().ToString());
    return;
  }
  for (const Json& test : group["tests"]) {
    ++tally.cases;
    const bool valid = schema->Validate(test["data"]).empty();
    if (valid == test["valid"].get<bool>()) continue;
    tally.wrong += fmt::format("{}: {}: {}\n", file, name, test["description"].get<std::string>());
  }
}

void RunFile(const std::string& file, const Json& groups, Tally& tally) {
  for (const Json& group : groups) {
    bool asked = true;
    for (const std::string& name : {std::string(), group["description"].get<std::string>()}) {
      if (kExcluded.count({file, name}) == 0) continue;
      tally.excluded.insert({file, name});
      asked = false;
    }
    if (asked) RunGroup(file, group, tally);
  }
}

TEST_CASE("the official tests of draft-07 agree") {
  Tally tally;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(Suite())) {
    if (entry.path().extension() != ".json") continue;
    RunFile(entry.path().lexically_relative(Suite()), Load(entry.path()), tally);
  }
  CHECK(tally.wrong == "");
  // The suite was there, and each exclusion still excludes something.
  CHECK(tally.cases >= 500);
  CHECK(tally.excluded.size() == kExcluded.size());
  WARN(tally.cases << " cases");
}

}  // namespace
}  // namespace penstock::json_schema
