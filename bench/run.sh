#!/bin/sh
# Every figure the README claims, in one table. Each part bench/*.sh prints rows: what, figure, goal, kept or missed (tabs between).
# usage: bench/run.sh [PART...]    (parts: the names of bench/*.sh without ending)
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
setup/build.sh "$build" >&2
printf '%s, %s processors, %s\n\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(. /etc/os-release && echo "$PRETTY_NAME")"
missed=0
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
[ $# -gt 0 ] || set -- $(ls bench/*.sh | sed 's|bench/||; s|\.sh$||' | grep -vx run)
for part in "$@"; do
	printf '\t\t\t\n%s\t\t\t\n' "-- $part" >>"$rows"
	sh "bench/$part.sh" "$build" >>"$rows" || { echo "bench/$part.sh failed" >&2; missed=1; }
done
column -t -s "$(printf '\t')" "$rows"
exit $missed
