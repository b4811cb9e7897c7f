#include "services/migrate/schema_dump.h"

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>

#include "fmt/format.h"
#include "libs/testing/check.h"

namespace penstock::migrate {
namespace {

std::string OutputOf(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) testing::Fail(command, "can't be run");
  std::string output;
  std::array<char, 4096> buffer;
  while (size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), size);
  if (pclose(pipe) != 0) testing::Fail(command, output);
  return output;
}

// Lines that tell of this run of pg_dump: its version, and the random word by which it guards psql.
bool IsOfThisRun(const std::string& line) {
  return line.starts_with("-- Dumped ") || line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ");
}

}  // namespace

std::string DumpSchema(const testing::TestDatabase& database) {
  std::istringstream dump(OutputOf(fmt::format(
      "/usr/lib/postgresql/15/bin/pg_dump --schema-only --exclude-table='workflow.*_20[0-9][0-9]_[0-9][0-9]' '{}'",
      database.SuperuserConninfo())));
  std::string text;
  std::string line;
  bool after_blank = true;  // runs of blank lines become one
  while (std::getline(dump, line)) {
    if (IsOfThisRun(line) || line == "--" || (line.empty() && after_blank)) continue;
    after_blank = line.empty();
    text += line + "\n";
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace penstock::migrate
