#!/bin/sh
# Bazel wants a label; the distribution has a path.
exec /usr/bin/protoc "$@"
