#!/bin/sh
# Configures (once) and builds. usage: setup/build.sh BUILD-DIR [meson options]
set -eu
cd "$(dirname "$0")/.."
build=$1
shift
[ -e "$build/build.ninja" ] || meson setup "$build" "$@" >"/tmp/aftermine-meson.$$" 2>&1 || {
	cat "/tmp/aftermine-meson.$$" >&2
	rm -rf "/tmp/aftermine-meson.$$" "$build"
	exit 3
}
rm -f "/tmp/aftermine-meson.$$"
exec ninja -C "$build" --quiet
