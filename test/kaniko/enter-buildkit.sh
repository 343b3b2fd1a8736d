#!/bin/sh
# A shell as in a container of BuildKit's rootless image: a user without any rights, who may map others, and folders of
# its own for the project and for temporary files. This process must have mount and process namespaces of its own.
#
# enter-buildkit.sh PROJECT PROGRAM...
set -eu
project=$1
shift

mount -t proc proc /proc
mount -t tmpfs -o mode=755 builds /mnt
mkdir /mnt/bin /mnt/project
# As a runner leaves it to a container of any user.
chmod -R a+rwX "$project"
mount --bind "$project" /mnt/project
# Some folders they come from are closed to others; two of them are programs that run as root.
for program; do cp -p "$program" /mnt/bin; done
echo nobody:100000:65536 > /mnt/subordinate
mount --bind /mnt/subordinate /etc/subuid
mount --bind /mnt/subordinate /etc/subgid
mount -t tmpfs -o mode=1777 tmp /tmp
mkdir -m 700 /tmp/home /tmp/run
chown nobody:nogroup /tmp/home /tmp/run
cd /mnt
exec setpriv --reuid=nobody --regid=nogroup --clear-groups env -i \
  PATH=/mnt/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp/home USER=nobody XDG_RUNTIME_DIR=/tmp/run sh
