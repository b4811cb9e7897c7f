#!/bin/sh
# Prints a C++ source that holds the catalogue's files named as arguments.
set -eu
cat <<'HEAD'
// Made by embed_catalogue.sh.
#include "services/connector/providers/catalogue_file.h"

namespace penstock::connector {

const std::vector<CatalogueFile>& EmbeddedCatalogueFiles() {
  static const std::vector<CatalogueFile> files = {
HEAD
for file in "$@"; do
  printf '      {"%s", R"row(' "$(basename "$file")"
  cat "$file"
  printf ')row"},\n'
done
cat <<'TAIL'
  };
  return files;
}

}  // namespace penstock::connector
TAIL
