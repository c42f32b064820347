#!/bin/sh
# The kernels of land productivity, and LandTrendr, by themselves, without files: nanoseconds a pixel of 20 years on one thread.
# usage: bench/kernels.sh BUILD-DIR
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
ninja -C "$build" --quiet bench/kernels >&2
exec "$build/bench/kernels"
