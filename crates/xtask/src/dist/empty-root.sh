#!/bin/sh
# Runs yeet in a root that holds nothing but itself, /proc, /sys and the scripts, and that nobody can write to. It stands in for yeet in
# spec tests: same arguments, same folder, same process.
set -eu
if [ "${1-}" != --inside ]; then
    exec unshare --mount --propagation private "$0" --inside "$@"
fi
shift
here=$PWD
mount -t tmpfs -o mode=755 none '@ROOT@'
mkdir '@ROOT@/proc' '@ROOT@/sys'
cp '@YEET@' '@ROOT@/yeet'
mount --rbind /proc '@ROOT@/proc'
mount --rbind /sys '@ROOT@/sys'
for folder in '@REPOSITORY@' "$here"; do
    mkdir -p "@ROOT@$folder"
    mount --bind "$folder" "@ROOT@$folder"
    mount -o remount,bind,ro "@ROOT@$folder"
done
mount -o remount,ro '@ROOT@'
exec unshare --root='@ROOT@' --wd="$here" /yeet "$@"
