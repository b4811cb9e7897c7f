#!/bin/sh
# pg_queries.sh NAMESPACE ARRAY FILE.sql...: prints the header that bazel/postgres.bzl describes.
set -eu
namespace=$1
array=$2
shift 2

constant_of() {
  basename "$1" .sql | awk -F_ '{ printf "k"; for (i = 1; i <= NF; ++i) printf "%s%s", toupper(substr($i, 1, 1)), substr($i, 2) }'
}

printf '// Made from .sql files by bazel/pg_queries.sh.\n#pragma once\n\n#include "libs/postgres/statement.h"\n\n'
printf 'namespace %s {\n\n' "$namespace"
constants=
for file in "$@"; do
  constant=$(constant_of "$file")
  constants="$constants$constant, "
  printf 'inline constexpr ::penstock::postgres::Statement %s{"%s", R"sql(%s)sql"};\n\n' \
    "$constant" "$(basename "$file" .sql)" "$(cat "$file")"
done
printf 'inline constexpr ::penstock::postgres::Statement %s[] = {%s};\n\n' "$array" "${constants%, }"
printf '}  // namespace %s\n' "$namespace"
