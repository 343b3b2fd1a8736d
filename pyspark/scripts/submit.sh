#!/usr/bin/env bash
# Submits an application to the cluster at SPARK_MASTER_URL, or runs it here when that is not set. Waits for the
# master to answer first.
#
# usage: submit.sh APPLICATION [ARGUMENT...]
set -euo pipefail

application=${1:?usage: submit.sh APPLICATION [ARGUMENT...]}
shift

master=${SPARK_MASTER_URL:-local[*]}
if [[ $master =~ ^spark://([^:,]+):([0-9]+)$ ]]; then
    "$(dirname "$0")/wait-for-port.sh" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
fi

exec /opt/spark/bin/spark-submit --master "$master" "$application" "$@"
