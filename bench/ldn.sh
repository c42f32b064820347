#!/bin/sh
# The raster tool: its time against copying the same bands with gdal_translate, growth with size, memory, threads and ranks.
# usage: bench/ldn.sh BUILD-DIR    (SIDE=2000 REPEATS=5 by default; LARGE=10000 adds 100 million cells and needs 5 GB of disk and a minute;
# ONLY=scaling, or copies or growth, prints those rows alone; SIDES="4000 6000" are those of scaling)
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
ninja -C "$build" --quiet ldn/ldn ldn/make_stack
exec python3 bench/measure_ldn.py "$build"
