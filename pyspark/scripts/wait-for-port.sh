#!/usr/bin/env bash
# Waits until a TCP port takes connections, and fails when it does not within the given seconds (60 by default).
#
# usage: wait-for-port.sh HOST PORT [SECONDS]
set -euo pipefail

host=${1:?usage: wait-for-port.sh HOST PORT [SECONDS]}
port=${2:?usage: wait-for-port.sh HOST PORT [SECONDS]}
seconds=${3:-60}

deadline=$((SECONDS + seconds))
# shellcheck disable=SC2016 # The inner shell expands its own arguments.
until timeout 2 bash -c '>"/dev/tcp/$0/$1"' "$host" "$port" 2>/dev/null; do
    if ((SECONDS >= deadline)); then
        echo "$host:$port took no connection within $seconds seconds" >&2
        exit 1
    fi
    sleep 1
done
