# The services: their settings, starting them and waiting until they are ready, stopping them with a drain.

pg_database=penstock

service_port() { remembered "ports/$1" free_port "$2"; }
connector_grpc_port() { service_port connector-service.grpc 50051; }
connector_admin_port() { service_port connector-service.admin 9101; }
engine_grpc_port() { service_port workflow-engine.grpc 50052; }
engine_admin_port() { service_port workflow-engine.admin 9102; }
interfaces_grpc_port() { service_port interfaces-service.grpc 50054; }
interfaces_http_port() { service_port interfaces-service.http 8080; }
interfaces_admin_port() { service_port interfaces-service.admin 9104; }
scheduler_grpc_port() { service_port scheduler.grpc 50053; }
scheduler_admin_port() { service_port scheduler.admin 9103; }

password() { remembered "keys/db-$1" random_text 24; }

database_url() {
  echo "postgresql://penstock_$1:$(password "$1")@127.0.0.1:$(pg_port)/$pg_database"
}

# Settings of every service: the database by its socket, and the keys.
shared_settings() {
  cat <<TEXT
DB_HOST=$(pg_home)
DB_PORT=$(pg_port)
DB_NAME_SERVER=$pg_database
DB_USER_SERVER=penstock_server
DB_PASSWORD_SERVER=$(password server)
PENSTOCK_SERVICE_KEY_FILE=$state/keys/service-key
PENSTOCK_TOKEN_KEY_DIR=$state/keys/tokens
TEXT
}

connector_service_settings() {
  shared_settings
  cat <<TEXT
DB_USER_ADMIN=penstock_admin
DB_PASSWORD_ADMIN=$(password admin)
PENSTOCK_CONNECTOR_ROOT_KEY_FILE=$state/keys/connector-root-key
PENSTOCK_CONNECTOR_SPOOL_KEY_FILE=$state/keys/connector-spool-key
PENSTOCK_CONNECTOR_SPOOL_DIR=$state/connector-spool
PENSTOCK_PUBLIC_URL=http://127.0.0.1:$(interfaces_http_port)
PENSTOCK_INTERFACES_ADDRESS=127.0.0.1:$(interfaces_grpc_port)
PENSTOCK_EGRESS_ALLOW=127.0.0.1:$(interfaces_http_port)
PENSTOCK_EGRESS_PLAIN_HTTP=true
PENSTOCK_GRPC_ADDRESS=127.0.0.1:$(connector_grpc_port)
PENSTOCK_ADMIN_ADDRESS=127.0.0.1:$(connector_admin_port)
TEXT
}

workflow_engine_settings() {
  shared_settings
  cat <<TEXT
DB_USER_ENGINE=penstock_engine
DB_PASSWORD_ENGINE=$(password engine)
PENSTOCK_ROOT_KEY_FILE=$state/keys/root-key
PENSTOCK_SANDBOX_PATH=$state/bin/penstock-sandbox
PENSTOCK_CONNECTOR_ADDRESS=127.0.0.1:$(connector_grpc_port)
PENSTOCK_INTERFACES_ADDRESS=127.0.0.1:$(interfaces_grpc_port)
PENSTOCK_GRPC_ADDRESS=127.0.0.1:$(engine_grpc_port)
PENSTOCK_ADMIN_ADDRESS=127.0.0.1:$(engine_admin_port)
TEXT
}

interfaces_service_settings() {
  shared_settings
  cat <<TEXT
DB_USER_ADMIN=penstock_admin
DB_PASSWORD_ADMIN=$(password admin)
PENSTOCK_TOKEN_SIGNING_KEY_DIR=$state/keys/token-signing
PENSTOCK_ENGINE_ADDRESS=127.0.0.1:$(engine_grpc_port)
PENSTOCK_CONNECTOR_ADDRESS=127.0.0.1:$(connector_grpc_port)
PENSTOCK_SCHEDULER_ADDRESS=127.0.0.1:$(scheduler_grpc_port)
PENSTOCK_HTTP_ADDRESS=127.0.0.1:$(interfaces_http_port)
PENSTOCK_GRPC_ADDRESS=127.0.0.1:$(interfaces_grpc_port)
PENSTOCK_ADMIN_ADDRESS=127.0.0.1:$(interfaces_admin_port)
PENSTOCK_MAIL_TRANSPORT=file
PENSTOCK_MAIL_DIRECTORY=$state/mail
TEXT
}

scheduler_settings() {
  shared_settings
  cat <<TEXT
PENSTOCK_ENGINE_ADDRESS=127.0.0.1:$(engine_grpc_port)
PENSTOCK_GRPC_ADDRESS=127.0.0.1:$(scheduler_grpc_port)
PENSTOCK_ADMIN_ADDRESS=127.0.0.1:$(scheduler_admin_port)
TEXT
}

# run_with SETTINGS PROGRAM...: with these settings and no others, so that what the caller's shell exports changes nothing. They go
# by the environment and never by a command line, which every user of the machine may read.
run_with() (
  mapfile -t variables <<<"$1"
  shift
  for inherited in $(compgen -e); do
    case $inherited in PATH | HOME | LANG) ;; *) unset "$inherited" ;; esac
  done
  export "${variables[@]}"
  exec "$@"
)

migrate() {
  take_program services/migrate/penstock-migrate || true
  run_migrate
}

run_migrate() {
  run_with "$(
    cat <<TEXT
DB_HOST=$(pg_home)
DB_PORT=$(pg_port)
DB_NAME_SERVER=$pg_database
DB_USER_SUPERUSER=postgres
DB_PASSWORD_SUPERUSER=$(remembered keys/db-superuser random_text 24)
DB_USER_OWNER=penstock_owner
DB_PASSWORD_OWNER=$(password owner)
DB_USER_ADMIN=penstock_admin
DB_PASSWORD_ADMIN=$(password admin)
DB_USER_SERVER=penstock_server
DB_PASSWORD_SERVER=$(password server)
DB_USER_ENGINE=penstock_engine
DB_PASSWORD_ENGINE=$(password engine)
TEXT
  )" "$state/bin/penstock-migrate" "$@"
}

service_pid() {
  local pid
  # Not by /proc/PID/exe: of a process that holds secrets that is root's to read.
  pid=$(cat "$state/run/$1.pid" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "${1:0:15}" ] && echo "$pid"
}

service_ready() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$1/readyz" 2>/dev/null; }
ready_or_dead() { service_ready "$2" || ! service_pid "$1" >/dev/null; }

# start_service NAME ADMIN_PORT SETTINGS
start_service() {
  local name=$1 admin_port=$2 settings=$3
  if service_pid "$name" >/dev/null && [ "$(cat "$state/run/$name.settings" 2>/dev/null)" = "$settings" ]; then return; fi
  stop_service "$name"
  say "Starting $name"
  mkdir -p "$state/run"
  (umask 077 && echo "$settings" >"$state/run/$name.settings")
  # A session of its own, so that an interrupt at the terminal is not the service's.
  run_with "$settings" setsid sh -c 'echo $$ >"$0"; exec "$@"' "$state/run/$name.pid" "$state/bin/$name" \
    >>"$state/logs/$name.log" 2>&1 </dev/null &
  wait_until 5 service_pid "$name" >/dev/null || true
  wait_until 60 ready_or_dead "$name" "$admin_port" || true
  service_ready "$admin_port" || { tail -n 5 "$state/logs/$name.log" >&2 && fail "$name is not ready: see .dev/logs/$name.log"; }
}

stop_service() {
  local pid
  pid=$(service_pid "$1") || return 0
  say "Stopping $1"
  kill -TERM "$pid"
  wait_until 20 process_gone "$pid" || kill -KILL "$pid"
  rm -f "$state/run/$1.pid"
}
process_gone() { ! kill -0 "$1" 2>/dev/null; }

# The key that access tokens are signed with, and its public half for every service.
make_token_key() {
  remembered keys/token-signing/dev.pem openssl genpkey -algorithm ed25519 >/dev/null
  remembered keys/tokens/dev.pub.pem openssl pkey -in "$state/keys/token-signing/dev.pem" -pubout >/dev/null
}

start_services() {
  remembered keys/service-key random_key >/dev/null
  remembered keys/root-key random_key >/dev/null
  remembered keys/connector-root-key random_key >/dev/null
  remembered keys/connector-spool-key random_key >/dev/null
  make_token_key
  local changed=""
  # A running program would block the copy of a newer one, so the old one goes first.
  for program in services/sandbox/penstock-sandbox services/workflow_engine/workflow-engine \
    services/interfaces/interfaces-service services/connector/connector-service services/scheduler/scheduler tests/e2e/demo; do
    take_program "$program" && changed=1
  done
  [ -z "$changed" ] || stop_services
  start_service connector-service "$(connector_admin_port)" "$(connector_service_settings)"
  start_service workflow-engine "$(engine_admin_port)" "$(workflow_engine_settings)"
  start_service interfaces-service "$(interfaces_admin_port)" "$(interfaces_service_settings)"
  start_service scheduler "$(scheduler_admin_port)" "$(scheduler_settings)"
}

# In reverse: the door closes before what is behind it.
stop_services() {
  stop_service scheduler
  stop_service interfaces-service
  stop_service workflow-engine
  stop_service connector-service
}

status() {
  if pg_running; then echo "postgres             127.0.0.1:$(pg_port), data in $(pg_home)"; else echo "postgres             stopped"; fi
  status_of connector-service "$(connector_admin_port)" "gRPC $(connector_grpc_port), admin http://127.0.0.1:$(connector_admin_port)"
  status_of workflow-engine "$(engine_admin_port)" "gRPC $(engine_grpc_port), admin http://127.0.0.1:$(engine_admin_port)"
  status_of interfaces-service "$(interfaces_admin_port)" \
    "HTTP http://127.0.0.1:$(interfaces_http_port), gRPC $(interfaces_grpc_port), admin http://127.0.0.1:$(interfaces_admin_port)"
  status_of scheduler "$(scheduler_admin_port)" "gRPC $(scheduler_grpc_port), admin http://127.0.0.1:$(scheduler_admin_port)"
}

status_of() {
  local pid word=stopped
  if pid=$(service_pid "$1"); then
    word="not ready, pid $pid: see .dev/logs/$1.log"
    ! service_ready "$2" || word="ready, pid $pid, $3"
  fi
  printf '%-20s %s\n' "$1" "$word"
}

logs() {
  case ${1:-} in
    "") tail -n 20 -F "$state"/logs/{workflow-engine,interfaces-service,scheduler}.log ;;
    postgres) as_postgres tail -n 50 -F "$(pg_home)/log" ;;
    *) tail -n 50 -F "$state/logs/$1.log" ;;
  esac
}

wipe() {
  say "Deleting the database, keys and logs"
  rm -rf "$(pg_home)" "$state"
}
