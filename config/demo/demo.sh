#!/usr/bin/env bash
# demo.sh TARIFFD - plays the October 2025 week through the whole of tariffd, in half a minute:
# a tape server speaks Alpaca's protocol, the daemon reads news and quotes from it, and `tariffd watch`
# shows what a strategy gets. Everything stays on this machine and is removed at the end.
set -euo pipefail
tariffd=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
pids=()

finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# Waits until the command succeeds, at most 20 s.
until_ok() {
  for _ in $(seq 200); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done
  echo "demo: gave up waiting for: $*" >&2
  cat "$work"/*.log >&2
  exit 1
}

timeout 300 "$tariffd" tape "$here/october-2025.ndjson" --serve alpaca --speed 90 --max-gap 20 --clients 2 --once \
  >"$work/tape.log" 2>&1 &
tape=$!
pids+=("$tape")
until_ok grep -q 'port [0-9]' "$work/tape.log"
port=$(grep -o 'port [0-9]*' "$work/tape.log" | head -n 1 | cut -d' ' -f2)

printf 'demo-key\n' >"$work/key"
printf 'demo-secret\n' >"$work/secret"
chmod 600 "$work/key" "$work/secret"
sed -e "s|@PORT@|$port|" -e "s|@RULES@|$here/..|" "$here/tariffd.toml" >"$work/tariffd.toml"
"$tariffd" run --config "$work/tariffd.toml" >"$work/daemon.log" 2>&1 &
pids+=("$!")
until_ok test -S "$work/signals.sock"

echo "The week of 9 to 13 October 2025, at 90 times its speed, nights left out."
echo "Subscribe from another terminal: socat - UNIX-CONNECT:$work/signals.sock"
echo
"$tariffd" watch --socket "$work/signals.sock" --from 1 --summary &
watch=$!
pids+=("$watch")
wait "$tape"
sleep 1 # for the last message to be printed
kill -TERM "$watch"
wait "$watch"
echo
"$tariffd" status --socket "$work/signals.sock" | sed -n '1,6p'
