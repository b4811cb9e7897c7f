// bazel run //services/migrate:update_schema: writes schema.sql anew.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "libs/testing/postgres.h"
#include "services/migrate/schema_dump.h"

int main() {
  // Set by `bazel run`: the tree, and not where the program lies.
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  std::filesystem::path root = workspace != nullptr ? workspace : ".";
  std::ofstream file(root / "services/migrate/schema.sql");
  file << penstock::migrate::DumpSchema(penstock::testing::TestDatabase());
  return file.good() ? 0 : 1;
}
