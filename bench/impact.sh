#!/bin/sh
# How often the 95 % interval of an effect holds the truth, in 1,000 made-up sites a row.
# usage: bench/impact.sh BUILD-DIR
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
ninja -C "$build" --quiet bench/impact >&2
exec "$build/bench/impact"
