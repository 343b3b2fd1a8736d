#!/bin/sh
# Stands for the script of this name in BuildKit's rootless image: a daemon for one call of buildctl.
set -eu
state=$(mktemp -d)
address=unix://$state/buildkitd.sock
# shellcheck disable=SC2086 # flags, as there
rootlesskit buildkitd ${BUILDKITD_FLAGS:-} --addr="$address" > "$state/log" 2>&1 &
daemon=$!
trap 'kill "$daemon" 2> /dev/null; wait "$daemon" || true' EXIT
until buildctl --addr="$address" debug workers > /dev/null 2>&1; do
  if ! kill -0 "$daemon" 2> /dev/null; then
    cat "$state/log" >&2
    exit 1
  fi
  sleep 0.1
done
buildctl --addr="$address" "$@"
