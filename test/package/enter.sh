#!/bin/sh
# enter.sh ROOT WORK PROJECT PACKAGES COMMAND...
# Runs a command as the user of a copy of ROOT, which is gone afterwards with all of its processes. PROJECT and PACKAGES appear in it
# as /keyvigil and /packages, and cannot be changed. Needs root, and `unshare --mount --pid --fork --kill-child` around it.
set -eu
root=$1 work=$2 project=$3 packages=$4
shift 4

mkdir -p "$work/changes" "$work/overlay" "$work/root"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/changes,workdir=$work/overlay" "$work/root"
cd "$work/root"
mkdir -p keyvigil packages
mount --bind "$project" keyvigil
mount -o remount,bind,ro keyvigil
mount --bind "$packages" packages
mount -o remount,bind,ro packages
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
cp --dereference /etc/resolv.conf /etc/hosts etc/

# In a chroot, the kernel allows no user namespaces, and so Chromium no sandbox. This root is a real one.
pivot_root . mnt
umount --lazy /mnt
cd /
# Not the first process itself, which must wait for those that lose their parent.
runuser -u tester -- env --ignore-environment HOME=/home/tester LANG=C.UTF-8 \
  PATH=/keyvigil/node_modules/.bin:/usr/bin:/bin:/usr/sbin:/sbin "$@"
