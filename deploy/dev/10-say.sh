# How ./dev speaks: what it does now, in one line; where to look when it fails.

say() {
  if [ -t 1 ]; then printf '\e[1m==> %s\e[0m\n' "$*"; else printf '==> %s\n' "$*"; fi
}

fail() {
  printf './dev: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$EUID" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# wait_until SECONDS COMMAND...: tries COMMAND until it succeeds, ten times a second at most.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

# free_port FIRST: the first port from FIRST on that nobody listens on.
free_port() {
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

# remembered FILE COMMAND...: the text of FILE under .dev, made by COMMAND the first time. For ports and passwords, so readable by the
# owner only.
remembered() {
  local file=$state/$1
  shift
  if [ ! -s "$file" ]; then
    mkdir -p "$(dirname "$file")"
    (umask 077 && "$@" >"$file")
  fi
  cat "$file"
}

random_text() {
  head -c "$1" /dev/urandom | base64 -w0 | tr '+/' '-_' | tr -d '='
}

# 32 bytes as base64, as the services read keys.
random_key() { head -c 32 /dev/urandom | base64 -w0; }
