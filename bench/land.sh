#!/bin/sh
# The land of 50,000 sites and 5,000 pledges: one site more, all statuses anew, pages of totals.
# usage: bench/land.sh BUILD-DIR    (SITES=50000 PLEDGES=5000 SECONDS_EACH=5 by default; LARGE=DIR: an instance of that size made before)
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
ninja -C "$build" --quiet src/cli/aftermine bench/generate bench/land
exec python3 bench/measure_land.py "$build"
