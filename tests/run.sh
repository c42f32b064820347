#!/bin/sh
# Runs every test in the plain, hardened build, then the fast suites again under the address and undefined-behaviour sanitizers.
# Ends with one line: N passed, N failed, N skipped. usage: tests/run.sh [--long]
set -u
cd "$(dirname "$0")/.."
: "${AFTERMINE_TESTDATA:=$PWD/../shared/data}"
export AFTERMINE_TESTDATA

suites=
[ "${1:-}" = --long ] || suites="--no-suite long"

setup/build.sh build || exit 3
setup/build.sh build-sanitize -Db_sanitize=address,undefined -Db_lundef=false || exit 3

export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:strict_string_checks=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export G_SLICE=always-malloc
failed=0
meson test -C build --no-rebuild --print-errorlogs $suites || failed=1
meson test -C build-sanitize --no-rebuild --print-errorlogs --no-suite slow --no-suite e2e $suites || failed=1

python3 tests/tally.py build/meson-logs/testlog.junit.xml build-sanitize/meson-logs/testlog.junit.xml || failed=1
exit $failed
