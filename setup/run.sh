#!/bin/sh
# Makes the demo instance if there is none, then serves it. usage: setup/run.sh BUILD-DIR INSTANCE LISTEN
set -eu
cd "$(dirname "$0")/.."
build=$1 instance=$2 listen=$3
[ -e "$instance" ] || "$build/src/cli/aftermine" init "$instance" --demo
exec "$build/src/cli/aftermine" serve "$instance" --listen "$listen"
