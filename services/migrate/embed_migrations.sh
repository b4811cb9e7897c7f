#!/bin/sh
# Prints a C++ source that holds the migrations named as arguments, in the order given, with their checksums.
set -eu
cat <<'HEAD'
// Made by embed_migrations.sh.
#include "services/migrate/migration.h"

namespace penstock::migrate {

const std::vector<Migration>& EmbeddedMigrations() {
  static const std::vector<Migration> migrations = {
HEAD
for file in "$@"; do
  name=$(basename "$file" .sql)
  number=${name%%_*}
  version=$(expr "$number" + 0)
  sha256=$(sha256sum "$file" | cut -d' ' -f1)
  printf '      {%s, "%s", "%s", R"migration(' "$version" "$name" "$sha256"
  cat "$file"
  printf ')migration"},\n'
done
cat <<'TAIL'
  };
  return migrations;
}

}  // namespace penstock::migrate
TAIL
