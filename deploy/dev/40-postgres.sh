# A private PostgreSQL. It refuses to run as root, so root runs it as the user "postgres" of the package.

pg_bin=/usr/lib/postgresql/15/bin

as_postgres() {
  if [ "$EUID" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

# Where the cluster lives: .dev/postgres, unless the server's user can't get there or the path is too long for a socket.
pg_home() {
  remembered postgres.home choose_pg_home
}

choose_pg_home() {
  local home=$state/postgres
  mkdir -p "$state"
  if [ ${#home} -gt 80 ] || ! as_postgres test -x "$state"; then
    home=/var/tmp/penstock-$(sha256sum <<<"$root" | cut -c1-12)
  fi
  echo "$home"
}

# Below the range that outgoing connections take their own ports from: one of those may hold a port that nobody listens on.
pg_port() { remembered postgres.port free_port 15432; }
pg_running() { as_postgres "$pg_bin/pg_ctl" -D "$(pg_home)/data" status >/dev/null 2>&1; }

start_postgres() {
  local home
  home=$(pg_home)
  if [ ! -e "$home/data/PG_VERSION" ]; then
    say "Making a private PostgreSQL in $home"
    mkdir -p "$home"
    [ "$EUID" -ne 0 ] || chown postgres: "$home"
    local password_file
    password_file=$(mktemp)
    remembered keys/db-superuser random_text 24 >"$password_file"
    [ "$EUID" -ne 0 ] || chown postgres: "$password_file"
    as_postgres "$pg_bin/initdb" -D "$home/data" -U postgres --auth=scram-sha-256 --pwfile="$password_file" \
      --encoding=UTF8 --locale=C.UTF-8 >"$state/logs/initdb.log" 2>&1 || fail "initdb failed: see .dev/logs/initdb.log"
    rm -f "$password_file"
  fi
  pg_running && return
  say "Starting PostgreSQL on 127.0.0.1:$(pg_port)"
  install -m 644 deploy/dev/postgresql.conf "$home/penstock.conf"
  grep -q penstock.conf "$home/data/postgresql.conf" ||
    echo "include '$home/penstock.conf'" | as_postgres tee -a "$home/data/postgresql.conf" >/dev/null
  as_postgres "$pg_bin/pg_ctl" -D "$home/data" -l "$home/log" -w -t 60 \
    -o "-p $(pg_port) -c listen_addresses=127.0.0.1 -c unix_socket_directories=$home" start >/dev/null ||
    fail "PostgreSQL did not start: see $home/log"
}

stop_postgres() {
  [ -e "$state/postgres.home" ] || return 0
  pg_running || return 0
  say "Stopping PostgreSQL"
  as_postgres "$pg_bin/pg_ctl" -D "$(pg_home)/data" -m fast -w stop >/dev/null
}
