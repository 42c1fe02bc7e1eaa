#!/bin/sh
# The first process of a guest: mounts what a running system has, runs the tests, says how they ended and turns the machine off.
# The second serial port carries what the tests print, the first one is the kernel's.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root LANG=C.UTF-8
mount -t devtmpfs dev /dev
exec < /dev/null > /dev/ttyS1 2>&1
stty -F /dev/ttyS1 -opost

mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmp /tmp
mkdir /dev/pts /dev/shm
mount -t devpts -o ptmxmode=666 pts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t securityfs security /sys/kernel/security
mount -t debugfs debug /sys/kernel/debug
mount -t tracefs trace /sys/kernel/tracing
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup /sys/fs/cgroup
# As an init system does; before the first controller is switched on perf knows no group but the root.
echo +pids > /sys/fs/cgroup/cgroup.subtree_control
chmod 1777 /tmp /dev/shm
ldconfig
ip link set lo up
hostname guest

uname -a
cd /yeet || exit
# shellcheck source=/dev/null
. /etc/guest
echo "the guest's tests ended with $?"
sleep 0.5
echo b > /proc/sysrq-trigger
sleep 60
