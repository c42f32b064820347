# What the shell tests of ldn share. Sourced. Needs LDN and MAKE_STACK (programs); leaves a private folder in $work.
set -u
count=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 3' INT TERM
data=${AFTERMINE_TESTDATA:-${AFTERMINE_SOURCE:-.}/../shared/data}

say() { # say STATUS NAME: the result of the command before
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
	fi
}

skip() { # skip NAME REASON
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

check() { # check NAME COMMAND...
	name=$1
	shift
	"$@" >"$work/.said" 2>"$work/.why"
	status=$?
	[ $status -eq 0 ] || sed 's/^/# /' "$work/.why" "$work/.said" | head -20
	say $status "$name"
}

# refuses NAME CODE PATTERN OUTPUT COMMAND...: the command ends with CODE, its message matches PATTERN, and OUTPUT is not there.
refuses() {
	name=$1 code=$2 pattern=$3 output=$4
	shift 4
	rm -f "$output"
	"$@" >"$work/.said" 2>"$work/.why"
	status=$?
	if [ $status -eq "$code" ] && grep -Eq "$pattern" "$work/.why" && [ ! -e "$output" ] && [ -z "$(find "$(dirname "$output")" -name '*.tmp' -print 2>/dev/null)" ]; then
		say 0 "$name"
	else
		echo "# exit $status, wanted $code; $(head -3 "$work/.why" | tr '\n' ' ')"
		[ ! -e "$output" ] || echo "# $output is there"
		say 1 "$name"
	fi
}

# Cells of a band as text, one a line.
cells() {
	gdal_translate -q -of XYZ -b "$2" "$1" /vsistdout/ | cut -d' ' -f3
}

same_cells() { # same_cells FILE BAND FILE BAND
	cells "$1" "$2" >"$work/a" && cells "$3" "$4" >"$work/b" && [ -s "$work/a" ] && cmp -s "$work/a" "$work/b" ||
		{ paste "$work/a" "$work/b" | awk '$1 != $2 { n++ } END { print n " cells differ" }' >&2; return 1; }
}

finish() {
	echo "1..$count"
	[ $failed -eq 0 ]
	exit
}
