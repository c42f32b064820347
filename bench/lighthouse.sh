#!/bin/sh
# Lighthouse on the home page and a case of the demo instance. usage: bench/lighthouse.sh [BUILD-DIR]
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
[ -d bench/lighthouse/node_modules/lighthouse ] || npm ci --prefix bench/lighthouse --ignore-scripts --loglevel=error >/dev/null
ninja -C "$build" --quiet src/cli/aftermine

instance=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$instance"' EXIT
"$build/src/cli/aftermine" init "$instance/demo" --demo >/dev/null
port=$((20000 + $$ % 20000))
"$build/src/cli/aftermine" serve "$instance/demo" --listen "127.0.0.1:$port" >/dev/null 2>&1 &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	curl -sf -o /dev/null "http://127.0.0.1:$port/health" && break
	sleep 0.5
done
node bench/lighthouse/measure.mjs "http://127.0.0.1:$port"
