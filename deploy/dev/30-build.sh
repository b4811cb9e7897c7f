# Builds with Bazel, and keeps copies of the programs under .dev/bin: what runs does not change under a later build.

bazel_config=(--config=opt)
programs=(//services/migrate:penstock-migrate //services/sandbox:penstock-sandbox
  //services/workflow_engine:workflow-engine //services/interfaces:interfaces-service
  //services/connector:connector-service //services/scheduler:scheduler)

build() {
  say "Building (the first time takes a while, later ones seconds)"
  bazel build "${bazel_config[@]}" "$@"
}

# Copies a built program and says whether it changed.
take_program() {
  local built=$root/bazel-bin/$1 kept=$state/bin/${1##*/}
  cmp -s "$built" "$kept" && return 1
  mkdir -p "$state/bin"
  install -m 755 "$built" "$kept"
}
