// bazel run //services/connector/providers:check -- <file>...
//
// Checks rows that somebody is about to add, or without files every row of the catalogue as it
// would be released today. Ends with 1 when something is wrong.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "services/connector/providers/catalogue_file.h"
#include "services/connector/providers/report.h"

int main(int argc, char** argv) {
  using penstock::connector::ReportOn;
  const absl::CivilDay today = absl::ToCivilDay(penstock::RealClock().Now(), absl::UTCTimeZone());
  // `bazel run` starts elsewhere than where the caller is.
  const char* directory = std::getenv("BUILD_WORKING_DIRECTORY");
  std::string report;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const bool is_relative = directory != nullptr && !name.starts_with('/');
    std::ifstream file(is_relative ? std::string(directory) + "/" + name : name);
    if (!file.good()) {
      report += name + ": can't be read\n";
      continue;
    }
    report += ReportOn(name, std::string(std::istreambuf_iterator<char>(file), {}), today);
  }
  if (argc == 1) {
    for (const auto& file : penstock::connector::EmbeddedCatalogueFiles()) {
      report += ReportOn(std::string(file.name), std::string(file.json), today);
    }
  }
  std::fputs(report.empty() ? "nothing is wrong\n" : report.c_str(), stdout);
  return report.empty() ? 0 : 1;
}
