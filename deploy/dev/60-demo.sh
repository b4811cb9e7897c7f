# The demo tenant, its key, and .dev/env: a file to source.

demo_slug=test-client

make_demo_tenant() {
  remembered demo/tenant-id run_migrate create-tenant --slug "$demo_slug" --name "Test Client" >/dev/null
  remembered keys/demo-api-key run_migrate create-api-key --tenant "$demo_slug" --role owner >/dev/null
  # Who makes tenants.
  remembered keys/platform-api-key run_migrate create-api-key --tenant platform --role admin >/dev/null
}

write_env() {
  (
    umask 077
    cat >"$state/env" <<TEXT
# Source me. Made by ./dev up.
export PENSTOCK_TENANT=$demo_slug
export PENSTOCK_TENANT_ID=$(cat "$state/demo/tenant-id")
export PENSTOCK_PLATFORM_API_KEY=$(cat "$state/keys/platform-api-key")
export PENSTOCK_API_KEY=$(cat "$state/keys/demo-api-key")
export PENSTOCK_ENGINE=127.0.0.1:$(engine_grpc_port)
export PENSTOCK_CONNECTORS=127.0.0.1:$(connector_grpc_port)
export PENSTOCK_INTERFACES=127.0.0.1:$(interfaces_grpc_port)
export PENSTOCK_SCHEDULER=127.0.0.1:$(scheduler_grpc_port)
export PENSTOCK_HTTP=http://127.0.0.1:$(interfaces_http_port)
export PENSTOCK_ENGINE_ADMIN=http://127.0.0.1:$(engine_admin_port)
export PENSTOCK_INTERFACES_ADMIN=http://127.0.0.1:$(interfaces_admin_port)
export PENSTOCK_SCHEDULER_ADMIN=http://127.0.0.1:$(scheduler_admin_port)
export PENSTOCK_DATABASE_URL_SERVER=$(database_url server)
export PENSTOCK_DATABASE_URL_ENGINE=$(database_url engine)
export PENSTOCK_DATABASE_URL_ADMIN=$(database_url admin)
TEXT
  )
}
