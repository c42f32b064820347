#!/bin/sh
# Installs what is missing: Debian packages of setup/packages and the npm packages pinned in package-lock.json.
# usage: setup/debian.sh run|test
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}

wanted=$(awk -v purpose="$purpose" '$1 == "run" || $1 == purpose { print $2 }' setup/packages)
missing=
for package in $wanted; do
	# A command that is already there (nodejs from elsewhere, say) need not come from its package.
	case $package in
	nodejs) command -v node >/dev/null && continue ;;
	npm) command -v npm >/dev/null && continue ;;
	esac
	dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
done

if [ -n "$missing" ]; then
	echo "Missing Debian packages:$missing"
	if [ "$(id -u)" = 0 ]; then
		as_root=
	elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
		as_root=sudo
	else
		echo "They cannot be installed here: this is neither root nor an account with sudo." >&2
		echo "Ask an administrator to run:  apt-get install$missing" >&2
		exit 3
	fi
	echo "Installing them with apt-get ..."
	log=$(mktemp)
	if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		echo "apt-get could not install them (its last lines are above, all of it is in $log)." >&2
		exit 3
	fi
	rm -f "$log"
fi

# npm packages: assets for the program, test tools for the tests. A stamp keeps the second run quick.
stamp=node_modules/.aftermine-$purpose
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
	# what a test set-up installed serves a run as well
	if [ "$purpose" = run ] && [ -e node_modules/.aftermine-test ] && [ node_modules/.aftermine-test -nt package-lock.json ]; then
		exit 0
	fi
	echo "Installing the npm packages of package-lock.json ..."
	if [ "$purpose" = run ]; then omit=--omit=dev; else omit=; fi
	if ! npm ci --ignore-scripts --loglevel=error $omit; then
		echo "npm could not install the packages of package-lock.json. It needs the npm registry (or a mirror set with: npm config set registry URL)." >&2
		exit 3
	fi
	touch "$stamp"
fi
