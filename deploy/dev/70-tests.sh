# Tests and measurements.

# run_tests [TARGET...]: the tests of CI. Prints one line a target as it ends, then "N passed, N failed" over all test cases.
run_tests() {
  local -a targets=("${@:-//...}")
  mkdir -p "$state/logs"
  install_packages
  local events=$state/logs/test-events.json result=0
  rm -f "$events"
  # Without terminal control in a pipe or CI; "keep going" so that one broken target does not hide the others.
  local -a terminal=()
  [ -t 1 ] || terminal=(--curses=no --show_progress_rate_limit=30)
  # Programs that no test needs are built all the same. A library by itself is not: it would be compiled a second time, for sharing.
  if [ $# -eq 0 ]; then
    local -a binaries
    mapfile -t binaries < <(bazel query 'kind(cc_binary, //...)' 2>/dev/null)
    bazel build "${bazel_config[@]}" "${terminal[@]}" --keep_going "${binaries[@]}" || result=$?
  fi
  bazel test "${bazel_config[@]}" "${terminal[@]}" --keep_going --build_tests_only --build_event_json_file="$events" "${targets[@]}" || result=$?
  count_cases "$events" "$result"
}

# API keys, service tokens, access tokens, Argon2id hashes, Vault tokens.
secret_shapes='pk_(live|test)_[A-Za-z0-9_-]{43}|svc_[A-Za-z0-9_-]{20,}[.][A-Za-z0-9_-]{43}|eyJ[A-Za-z0-9_-]{20,}[.][A-Za-z0-9_-]{20,}[.][A-Za-z0-9_-]{40,}|[$]argon2id[$]v=19[$]m=[0-9]+|hvs[.][A-Za-z0-9]{10,}'

# test_logs EVENTS: status and log of each target that ran, tab-separated.
test_logs() {
  jq -r 'select(.id.testResult and .testResult) | [.testResult.status,
           ((.testResult.testActionOutput // [])[] | select(.name == "test.log") | .uri)] | @tsv' "$1" 2>/dev/null
}

# A target's cases are what Catch2 says in its log; a target without that line counts as one case, so a crash is a failure.
count_cases() {
  local events=$1 result=$2 passed=0 failed=0 status log p f
  while IFS=$'\t' read -r status log; do
    read -r p f < <(cases_of "$status" "$log")
    passed=$((passed + p)) failed=$((failed + f))
  done < <(test_logs "$events")
  # Whatever ran, nothing that it wrote may hold a whole key, a token or a password's hash.
  local teller
  while read -r teller; do
    echo "a secret stands in $teller" >&2
    failed=$((failed + 1))
  done < <(test_logs "$events" | cut -f2 | sed 's#^file://##' | xargs -r -d '\n' grep -lE "$secret_shapes" 2>/dev/null)
  # A target that did not build has no result of its own.
  [ "$result" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
  echo "$passed passed, $failed failed"
  [ "$result" -eq 0 ] && [ "$failed" -eq 0 ]
}

cases_of() {
  local status=$1 log=${2#file://}
  awk -v status="$status" '
    { gsub(/\033\[[0-9;]*m/, "") }
    /^All tests passed \(.* in [0-9]+ test cases?\)/ { match($0, /in [0-9]+ test case/); p += substr($0, RSTART + 3) + 0; seen = 1 }
    /^test cases: / {
      seen = 1
      for (i = 1; i <= NF; i++) { if ($i == "passed") p += $(i - 1); if ($i == "failed") f += $(i - 1) }
    }
    END {
      ok = (status == "PASSED")
      if (!seen) { p = ok; f = !ok }
      if (!ok && !f) f = 1
      print p + 0, f + 0
    }' "$log" 2>/dev/null || { [ "$status" = PASSED ] && echo 1 0 || echo 0 1; }
}

run_bench() {
  install_packages
  build "${programs[@]}" //tests/bench
  "$root/bazel-bin/tests/bench/bench" "$@"
}

run_chaos() {
  install_packages
  build "${programs[@]}" //tests/chaos
  "$root/bazel-bin/tests/chaos/chaos" "$@"
}
