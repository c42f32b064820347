#!/bin/sh
# Same inputs, same bytes on another processor: the C library takes other sines, logarithms and powers where a processor has no fused multiply-add, and
# their last bits differ. It can be told to do so here.
. "$(dirname "$0")/tap.sh"
if ! grep -qw fma /proc/cpuinfo; then
	skip "with and without fused multiply-add the tool writes the same bytes" "this processor has none"
	finish
fi
cd "$work" || exit 3
plain="env GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"

"$MAKE_STACK" series s.tif 500 300 12 band none
"$MAKE_STACK" maps m.tif 500 300 11 pixel none
{ echo date; seq 2001 2012; } >years.csv
python3 - <<'X'
import json, math, random
random.seed(1)
def ring(x, y, r):
    n = random.randint(3, 12)
    points = [[x + r * math.cos(2 * math.pi * i / n) * random.uniform(0.5, 1), y + r * math.sin(2 * math.pi * i / n) * random.uniform(0.5, 1)] for i in range(n)]
    return points + points[:1]
def write(name, epsg, rings):
    json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}, "features": [
        {"type": "Feature", "properties": {"name": str(i)}, "geometry": {"type": "Polygon", "coordinates": [r]}} for i, r in enumerate(rings)]}, open(name, "w"))
for zone in (1, 30, 60):
    write(f"utm{zone}.geojson", 32600 + zone, [ring(random.uniform(2e5, 8e5), random.uniform(1e4, 8e6), random.uniform(20, 3000)) for _ in range(300)])
write("degrees.geojson", 4326, [ring(random.uniform(-170, 170), random.uniform(-70, 70), random.uniform(0.0005, 0.5)) for _ in range(600)])
write("polygons.geojson", 4326, [ring(random.uniform(28.1, 28.9), random.uniform(-11.5, -11.1), random.uniform(0.002, 0.1)) for _ in range(40)])
write("site.geojson", 32735, [[[620000, 8760000], [640000, 8761000], [650000, 8745000], [625000, 8742000], [620000, 8760000]]])
write("beside.geojson", 4326, [ring(28.6, -11.2, 0.05)])
X

both() { # both COMMAND ARGUMENTS...: raster, tables and manifest
	"$LDN" "$@" -q -t one.json -o one.tif && $plain "$LDN" "$@" -q -t two.json -o two.tif && cmp one.tif two.tif && cmp one.json two.json && cmp one.tif.json two.tif.json
}
told() { # told COMMAND ARGUMENTS...: what is printed
	"$LDN" "$@" >one.txt && $plain "$LDN" "$@" >two.txt && cmp one.txt two.txt && [ -s one.txt ]
}
measured() { # measured ARGUMENTS...: the record and the pictures
	rm -rf p1 p2 && mkdir p1 p2 && "$LDN" site -p p1 "$@" >one.json && $plain "$LDN" site -p p2 "$@" >two.json && cmp one.json two.json && diff -r p1 p2 && grep -q area-measured one.json
}
sines='import math; print([math.sin(i / 7e4) for i in range(200000)])'
check "the C library does take others: sines differ in their last bits" sh -c "python3 -c '$sines' >a && $plain python3 -c '$sines' >b && ! cmp -s a b"
check "productivity" both productivity s.tif -u m.tif:11 -l all
check "trend of rain use" both trend s.tif -l all --correction restrend --climate s.tif
check "indicator with every table" both indicator --lpd5 m.tif:1 --cover-from m.tif:2 --cover-to m.tif:3 --legend unccd --stock-from m.tif:4 --stock-to m.tif:5 \
	--period-lpd5 m.tif:6 --period-landcover m.tif:7 --period-carbon m.tif:8 --population m.tif:9 --zones m.tif:11
check "recovery of forty polygons" both recovery s.tif -i NDVI --factor 0.0001 --polygons polygons.geojson --disturbed 2003 --restored 2004 -k 3 --reference-years 2001-2003 --target window --window 5 \
	--skip-missing -l all
for file in utm1 utm30 utm60 degrees; do
	check "boundaries, mended and measured: $file" told vector --json $file.geojson
done
check "a site in another reference system than the images, with a reference area, and its pictures" measured --site site.geojson --reference beside.geojson --index NDVI --scale 0.0001 --restored 2006 s.tif years.csv
mine="$data/mine-s2-india"
if [ -d "$mine" ]; then
	check "a mine seen by Sentinel-2" measured --site "$mine/outline.geojson" --bands red=B04,nir=B08,quality=SCL --quality scl "$mine"/*_B04.tif "$mine"/*_B08.tif "$mine"/*_SCL.tif
else
	skip "a mine seen by Sentinel-2" "no test data"
fi
finish
