#!/bin/bash
# The unit file without a running systemd: every line is known to it, and the sandbox stays tight.
# Skipped (77) where systemd-analyze is missing.
set -euo pipefail
EXPOSURE_MAX_TENTHS=15 # the best of Debian's own network services are at 12; see systemd/README.md

command -v systemd-analyze >/dev/null || { echo "skipped: needs systemd-analyze"; exit 77; }
units=${TARIFF_SOURCE_DIR:?}/systemd
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# verify wants the program to exist: it is the one just built.
sed "s|/usr/bin/tariffd|${TARIFFD:?}|" "$units/tariffd.service" >"$scratch/tariffd.service"
check() {
  systemd-analyze verify "$scratch/tariffd.service"
  systemd-analyze security --offline=true --threshold="$EXPOSURE_MAX_TENTHS" \
    "$scratch/tariffd.service" | tail -1
}
echo "tariffd.service:"
check
echo "with tariffd-realtime.conf:"
cat "$units/tariffd-realtime.conf" >>"$scratch/tariffd.service" # offline, a drop-in is not read
check

mkdir "$scratch/etc"
systemd-sysusers --root="$scratch" "$units/tariffd.sysusers"
grep -q '^tariffd:' "$scratch/etc/passwd" && grep -q '^tariffd:' "$scratch/etc/group"
echo "tariffd.sysusers makes the user and the group"
