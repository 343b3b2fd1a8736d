#!/bin/sh
# Makes DIRECTORY/root the root of this process, which must have mount and process namespaces of its own, and runs a
# shell there as in a container of Kaniko's debug image. What runners mount is mounted here too: Kaniko leaves mounts
# alone, and takes everything else below / for the image it builds.
#
# enter-root.sh DIRECTORY BUSYBOX EXECUTOR PROJECT PROJECT_DIR
set -eu
directory=$1 busybox=$2 executor=$3 project=$4 project_dir=$5
root=$directory/root

mount --bind "$root" "$root"

mount --bind "$executor" "$root/kaniko/executor"
mount -o remount,bind,ro "$root/kaniko/executor"
for file in etc/hosts etc/resolv.conf .dockerenv; do
  mount --bind "$directory/$file" "$root/$file"
done

mount -t tmpfs -o mode=755 builds "$root/builds"
mkdir -p "$root$project_dir"
mount --bind "$project" "$root$project_dir"

mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 busybox "$root/busybox"
cp "$busybox" "$root/busybox/busybox"
chroot "$root" /busybox/busybox --install -s /busybox
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null zero full random urandom tty; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"

mkdir "$root/outside"
cd "$root"
pivot_root . outside
/busybox/umount -l /outside
/busybox/rmdir /outside
# The runner takes the first of these shells. After a build that may be one of the built image.
exec /busybox/env -i PATH=/usr/local/bin:/kaniko:/busybox HOME=/root USER=root SSL_CERT_DIR=/kaniko/ssl/certs \
  DOCKER_CONFIG=/kaniko/.docker/ /busybox/sh -c '
    for shell in /usr/local/bin/bash /usr/bin/bash /bin/bash /usr/local/bin/sh /usr/bin/sh /bin/sh /busybox/sh; do
      if [ -x "$shell" ]; then exec "$shell"; fi
    done'
