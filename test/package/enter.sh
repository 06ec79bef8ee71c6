#!/bin/sh
# enter.sh ROOT WORK PROJECT PACKAGES COMMAND... runs a command in a copy of ROOT, as the user `tester`.
# The copy exists only until the command ends. In the copy, PROJECT is /keyvigil, PACKAGES is /packages, and both are read-only.
# Run this script as root, in `unshare --mount --pid --fork --kill-child`, which ends all processes of the copy.
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

# Make this folder the real root: in a chroot, the kernel allows no user namespaces, which Chromium's sandbox needs.
pivot_root . mnt
umount --lazy /mnt
cd /
# Do not exec the command: the first process must wait for processes that lose their parent.
runuser -u tester -- env --ignore-environment HOME=/home/tester LANG=C.UTF-8 \
  PATH=/keyvigil/node_modules/.bin:/usr/bin:/bin:/usr/sbin:/sbin "$@"
