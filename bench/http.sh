#!/bin/sh
# The web server: CPU against nginx, search over a large store, slow clients, memory, cold start.
# usage: bench/http.sh BUILD-DIR    (CASES=100000 PLEDGES=20000 SECONDS_EACH=5 by default; LARGE=DIR: an instance
# of that size made before)
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
ninja -C "$build" --quiet src/cli/aftermine bench/generate
exec python3 bench/measure_http.py "$build"
