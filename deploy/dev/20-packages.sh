# Installs what bazel/packages.txt lists and this machine lacks.

missing_packages() {
  local wanted
  wanted=$(grep -v '^#' bazel/packages.txt)
  # shellcheck disable=SC2086 # one word a package
  comm -23 <(sort <<<"$wanted") \
    <(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $wanted 2>/dev/null | awk '$2 == "installed" { print $1 }' | sort -u)
}

install_packages() {
  local missing count
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  count=$(wc -l <<<"$missing")
  command -v apt-get >/dev/null || fail "needs Debian 12, or these packages by hand:" $missing
  say "Installing $count packages and what they need (log: .dev/logs/apt.log)"
  mkdir -p "$state/logs"
  # The package would start a database server of its own; ours is private.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  as_root apt-get -qq update
  # shellcheck disable=SC2086 # one word a package
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Options::=--force-confold \
    install --no-install-recommends $missing </dev/null 2>&1 | tee "$state/logs/apt.log" |
    awk '/^Need to get/ || /^E:/ { print "    " $0 } /^Setting up/ { n++; if (n % 25 == 0) print "    " n " packages set up" }'
  # This package starts a pooler of its own; the tests start theirs.
  if grep -qx pgbouncer <<<"$missing"; then
    { as_root systemctl disable --now pgbouncer || as_root service pgbouncer stop; } >/dev/null 2>&1 || true
  fi
}
