#!/bin/sh
# Compares a directory of jars with jars.sha512, which lies beside this script: none may be missing, changed or
# unexpected. A line `# unverified NAME` there stands for a jar without a reviewed checksum; RELEASE=true refuses it.
#
# usage: [RELEASE=true] verify-jars.sh DIRECTORY
set -eu

jars=$1
sums=$(cd "$(dirname "$0")" && pwd)/jars.sha512

expected=$(sed -n -e 's/^# unverified //p' -e 's/^[0-9a-f]\{128\}  //p' "$sums" | sort)
actual=$(find "$jars" -type f | sed 's|.*/||' | sort)
if [ "$expected" != "$actual" ]; then
    printf 'The jars are not those that jars.sha512 lists.\nListed:\n%s\nFound:\n%s\n' "$expected" "$actual" >&2
    exit 1
fi

(cd "$jars" && grep -v '^#' "$sums" | sha512sum --check --strict --quiet -)

if [ "${RELEASE:-false}" = true ] && grep '^# unverified ' "$sums" >&2; then
    echo 'A release needs the checksum of every jar in jars.sha512.' >&2
    exit 1
fi
