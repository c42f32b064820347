#!/bin/sh
# The log of a store: publishing, proofs, verifying. LOG_ENTRIES (default 200,000) says how long it is; a million is the goal's own size.
# usage: bench/log.sh BUILD-DIR
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
ninja -C "$build" --quiet bench/log >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/bench/log" "$folder" "${LOG_ENTRIES:-200000}"
