#!/bin/sh
# Same inputs, same bytes from another compiler: the tool is built once more, by clang where this build is gcc's and the other way round, without
# optimisation, and for all that this machine's processor can do.
. "$(dirname "$0")/tap.sh"
case ${COMPILER:-gcc} in
*clang*) other=gcc ;;
*) other=clang ;;
esac
if ! command -v "$other" >/dev/null; then
	skip "gcc and clang make a tool that writes the same bytes" "no $other"
	finish
fi
here=$(cd "${AFTERMINE_SOURCE:-.}" && pwd)
cd "$work" || exit 3
fast=
command -v ccache >/dev/null && fast=ccache
check "$other builds the tool" sh -c "CC='$fast $other' meson setup built '$here' -Dplatform=false -Dtests=disabled -Dhardening=false -Db_lundef=false -Dc_args='-O0 -march=native' && ninja -C built ldn/ldn"
theirs=$work/built/ldn/ldn
[ -x "$theirs" ] || finish

"$MAKE_STACK" series s.tif 700 600 12 band none
"$MAKE_STACK" maps m.tif 700 600 11 pixel none
gdal_translate -q -b 4 m.tif stock.tif
gdal_translate -q -b 2 m.tif cover_2000.tif
gdal_translate -q -b 3 m.tif cover_2001.tif
gdal_translate -q -b 2 m.tif cover_2002.tif
cat >polygons.json <<'EOF'
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Polygon", "coordinates": [[[28.1, -11.1], [29.3, -11.2], [28.7, -12.3], [28.1, -11.1]]]}},
 {"type": "Feature", "properties": {"name": "b"}, "geometry": {"type": "Polygon", "coordinates": [[[28.0011, -11.0012], [28.0013, -11.0012], [28.0012, -11.0014], [28.0011, -11.0012]]]}}]}
EOF
both() { # both COMMAND ARGUMENTS...: raster, tables and manifest of the two tools
	for made in ours theirs; do
		tool=$LDN
		[ $made = ours ] || tool=$theirs
		"$tool" "$@" -q -t $made.json -o $made.tif || return 1
	done
	cmp ours.tif theirs.tif && cmp ours.json theirs.json && cmp ours.tif.json theirs.tif.json
}
for profile in prais4 te gpg2; do
	check "productivity, $profile" both productivity s.tif -u m.tif:11 -l all -p $profile
	check "trend, $profile" both trend s.tif -l all -p $profile
done
check "trend of rain use" both trend s.tif -l all --correction restrend --climate s.tif
check "productivity, JRC" both productivity s.tif --scheme jrc --ecosystems m.tif:11 -l all
check "productivity, FAO-WOCAT" both productivity s.tif --scheme fao-wocat
check "carbon" both carbon cover_2000.tif cover_2001.tif cover_2002.tif --stock stock.tif --crop-factor 0.6 --legend unccd -l all
check "land cover" both landcover cover_2000.tif cover_2001.tif --legend unccd -l all
check "indicator with every table" both indicator --lpd5 m.tif:1 --cover-from m.tif:2 --cover-to m.tif:3 --legend unccd --stock-from m.tif:4 --stock-to m.tif:5 \
	--period-lpd5 m.tif:6 --period-landcover m.tif:7 --period-carbon m.tif:8 --population m.tif:9 --zones m.tif:11
zones() {
	for made in ours theirs; do
		tool=$LDN
		[ $made = ours ] || tool=$theirs
		"$tool" zonal -q m.tif:8 --polygons polygons.json --field name -t $made.z.json || return 1
	done
	cmp ours.z.json theirs.z.json
}
check "areas in polygons" zones
finish
