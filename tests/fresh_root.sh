#!/bin/bash
# The promise of the README on a machine that has nothing: a new Debian 12 root with git, a clone, and
# one command (default: ./run demo, then ./run test). Downloads some 400 MB and takes as long as the
# commands do, so it runs by hand and before a release, not in CI: what CI finds installed proves little.
#   sudo tests/fresh_root.sh [DIRECTORY [COMMAND...]]
# Set KEEP=1 to keep DIRECTORY/root and look around in it.
set -euo pipefail

source=$(git -C "$(dirname "$(readlink -f "$0")")" rev-parse --show-toplevel)
directory=${1:-$(mktemp -d)}
shift || true
root=$directory/root
home=/srv  # of root, inside
mkdir -p "$directory"
[ "$EUID" = 0 ] || { echo "fresh_root.sh: needs root, for chroot" >&2; exit 77; }
[ ! -e "$root" ] || { echo "fresh_root.sh: $root is there already; remove it first" >&2; exit 73; }

clean_up() {
  local mount
  for mount in dev sys proc; do
    umount --recursive "$root/$mount" 2>/dev/null || true
  done
  if grep -q " $root/" /proc/mounts; then
    echo "fresh_root.sh: something is still mounted under $root; left as it is" >&2
  elif [ -z "${KEEP:-}" ]; then
    rm -rf "$root"
  fi
}
trap clean_up EXIT

mmdebstrap --quiet --variant=minbase --include=git,ca-certificates bookworm "$root"
cp --dereference /etc/resolv.conf "$root/etc/resolv.conf"
# A root without an installer has no hosts file; every machine has one.
echo "127.0.0.1 localhost" >"$root/etc/hosts"
# Where a proxy stands between this network and npm, its certificate is the host's affair.
cp --dereference /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
echo "cafile=/etc/ssl/certs/ca-certificates.crt" >"$root$home/.npmrc"
mount -t proc proc "$root/proc"
mount --rbind --make-rslave /sys "$root/sys"
mount --rbind --make-rslave /dev "$root/dev"
git clone --quiet --no-hardlinks "$source" "$root$home/tariffd"

inside() { env --ignore-environment HOME="$home" PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" \
  chroot "$root" bash -c 'cd ~/tariffd && exec "$@"' - "$@"; }
if [ $# != 0 ]; then
  inside "$@"
else
  inside ./run demo
  inside ./run test
fi
echo "fresh_root.sh: passed on a new root"
