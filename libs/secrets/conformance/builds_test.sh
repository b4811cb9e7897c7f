#!/usr/bin/env bash
# Programs that are given by their paths start and can say what they take.
set -euo pipefail
for program in "$@"; do "$program" --help > /dev/null; done
