#!/bin/sh
# ldn site: land whose truth is known, and the real stacks where they are at hand.
. "$(dirname "$0")/tap.sh"
cd "$work" || exit 3

# Made-up land of 20 x 10 cells of 0.001 degrees. Columns 2 to 9, rows 1 to 8 are the site: 0.30, from 2010 on 0.50. The right half is the reference: 0.60. A
# drought takes 0.15 from everything in 2006 and 2014. Noise of a few thousandths, different for each cell and year.
for year in 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 2010 2011 2012 2013 2014 2015 2016 2017 2018 2019; do
	awk -v y=$year 'BEGIN {
		print "ncols 20\nnrows 10\nxllcorner 10\nyllcorner 0\ncellsize 0.001\nNODATA_value -9999"
		for (r = 0; r < 10; r++) {
			for (c = 0; c < 20; c++) {
				v = c >= 10 ? 0.6 : 0.3 + (y >= 2010 ? 0.2 : 0)
				v -= y == 2006 || y == 2014 ? 0.15 : 0
				v += ((r * 7919 + c * 104729 + y * 31337) % 1009 / 1009 - 0.5) * 0.01 + ((y * 48271) % 101 / 101 - 0.5) * (c >= 10 ? 0.02 : 0.03)
				printf "%.6f ", v
			}
			print ""
		}
	}' >$year.asc
	echo 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]' >$year.prj
done
rectangle() { # rectangle FILE WEST SOUTH EAST NORTH
	printf '{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[%s,%s],[%s,%s],[%s,%s],[%s,%s],[%s,%s]]]}}' \
		"$2" "$3" "$4" "$3" "$4" "$5" "$2" "$5" "$2" "$3" >"$1"
}
rectangle site.geojson 10.002 0.001 10.010 0.009
rectangle reference.geojson 10.011 0.001 10.019 0.009
rectangle half.geojson 10.0025 0.0015 10.0065 0.0055
rectangle small.geojson 10.0051 0.0051 10.0054 0.0054
rectangle away.geojson 50 50 50.1 50.1

# value FILE QUANTITY WHAT YEAR MEMBER: a member of the first row that fits; WHAT and YEAR may be empty.
value() {
	python3 - "$@" <<'X'
import json, sys
file, quantity, what, year, member = sys.argv[1:]
for row in json.load(open(file))['results']:
    if row['quantity'] == quantity and (not what or what in row.get('what', '')) and (not year or row.get('year') == int(year)):
        print(row.get(member, ''))
        break
X
}
near() { awk -v a="$1" -v b="$2" -v within="$3" 'BEGIN { d = a - b; exit !(a != "" && d <= within && -d <= within) }'; }

check "a site with a reference is measured" sh -c "'$LDN' site --site site.geojson --reference reference.geojson --restored 2010 *.asc >whole.json"
check "its area is that of its cells" near "$(value whole.json area-measured '' '' value)" "$(value whole.json area-measured '' '' low)" 0.0001
check "64 cells lie inside, none on the boundary" sh -c "[ '$(value whole.json cells inside '' value)' = 64 ] && [ '$(value whole.json cells boundary '' value)' = 0 ]"
check "the yearly mean is the site's, drought and all" near "$(value whole.json vegetation-index NDVI 2014 value)" 0.35 0.02
check "the effect is the planted 0.2, the drought on both taken out" near "$(value whole.json effect NDVI '' value)" 0.2 0.015
check "its interval holds the truth and not nothing" sh -c "awk 'BEGIN { exit !($(value whole.json effect NDVI '' low) <= 0.2 && 0.2 <= $(value whole.json effect NDVI '' high) && $(value whole.json effect NDVI '' low) > 0.1) }'"
check "it is called a rise against the reference" sh -c "[ '$(value whole.json effect NDVI '' note)' = 'a rise against the reference' ]"
check "the drought of the site alone is no disturbance against the reference" near "$(value whole.json recovery-ratio 'share of the reference' 2014 value)" "$(value whole.json recovery-ratio 'share of the reference' 2013 value)" 0.07
check "all of it improved" near "$(value whole.json area-improved '' '' value)" "$(value whole.json area-measured '' '' value)" 0.0001
check "the same land without restoration shows no change" sh -c "'$LDN' site --site reference.geojson --restored 2010 *.asc >quiet.json"
check "and is told so" sh -c "case '$(value quiet.json effect NDVI '' note)' in 'no change'*) ;; *) exit 1 ;; esac"
ls *.asc | sort -r >order
check "the order of the files changes nothing" sh -c "'$LDN' site --site site.geojson --reference reference.geojson --restored 2010 \$(cat order) >again.json && cmp whole.json again.json"
check "land whose edges halve cells is measured" sh -c "'$LDN' site --site half.geojson *.asc >half.json"
check "its interval runs from cells wholly inside to cells touched" sh -c "awk -v l=$(value half.json area-measured '' '' low) -v v=$(value half.json area-measured '' '' value) -v h=$(value half.json area-measured '' '' high) 'BEGIN { r = l / v; s = h / v; exit !(r > 0.56 && r < 0.57 && s > 1.56 && s < 1.57) }'"
check "land smaller than a cell has an answer" sh -c "'$LDN' site --site small.geojson --restored 2010 *.asc >small.json"
check "its mean, and for the rest: too small to tell" sh -c "[ -n '$(value small.json vegetation-index NDVI 2012 value)' ] && [ -z '$(value small.json area-improved '' '' value)' ] && case '$(value small.json area-improved '' '' note)$(value small.json effect '' '' note)' in 'too small to tell'*'too small to tell'*) ;; *) exit 1 ;; esac"
refuses "land elsewhere is refused with the remedy" 3 "do not reach" none.json "$LDN" site --site away.geojson 2000.asc 2001.asc
refuses "an index without its bands is refused" 2 "needs the band" none.json "$LDN" site --site site.geojson --bands red=1 --index NDVI 2000.asc
refuses "a file without a date is refused" 3 "holds no year" none.json sh -c "cp 2000.asc nodate.asc && cp 2000.prj nodate.prj && '$LDN' site --site site.geojson nodate.asc"
refuses "images without a reference system are refused" 3 "reference system" none.json sh -c "mkdir -p plain && cp 2000.asc plain && '$LDN' site --site site.geojson plain/2000.asc"
refuses "two files of one year are refused" 3 "both hold index" none.json sh -c "mkdir -p twice && cp 2000.asc 2000.prj twice && '$LDN' site --site site.geojson 2000.asc twice/2000.asc"
rm -f nodate.*
check "pictures are drawn, the same bytes each time" sh -c "mkdir p1 p2 && '$LDN' site --site site.geojson -p p1 20??.asc >/dev/null && '$LDN' site --site site.geojson -p p2 20??.asc >/dev/null && diff -r p1 p2 && [ -s p1/start.png ] && [ -s p1/classes.tif ]"
check "other programs read them" sh -c "gdalinfo p1/productivity.png | grep -q 'Band 3' && gdalinfo p1/classes.tif | grep -q 'land productivity'"
check "the map's classes are the areas" sh -c "[ \"\$(gdal_translate -q -of XYZ -b 1 p1/classes.tif /vsistdout/ | awk '\$3 == 1' | wc -l)\" = 64 ]"

# Boundaries may be a stranger's.
refuses "a boundary that is an address is refused" 3 "only files of this machine" none.json "$LDN" site --site /vsicurl/http://127.0.0.1:9/site.geojson 2000.asc
printf '<OGRVRTDataSource><OGRVRTLayer name="site"><SrcDataSource>site.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>' >site.vrt
refuses "a boundary that would have other files read is refused" 3 "site.vrt" none.json "$LDN" site --site site.vrt 2000.asc
mkdir -p elsewhere/stack && gdalbuildvrt -q elsewhere/stack/2000.vrt 2000.asc && cp site.geojson elsewhere
refuses "nothing is read outside the folders of the files named" 3 "2000.asc" none.json sh -c "cd elsewhere && '$LDN' site --site site.geojson stack/2000.vrt"
check "memory and time have bounds" sh -c "'$LDN' site --site site.geojson --seconds 60 --memory 1G 2000.asc >bound.json && [ -s bound.json ]"

mkdir lc
# Land cover of two years on cells of its own, half as wide: cropland that became trees (the western half of the site), a town (a quarter), or stayed.
for year in 2000 2019; do
	awk -v y=$year 'BEGIN {
		print "ncols 40\nnrows 20\nxllcorner 10\nyllcorner 0\ncellsize 0.0005\nNODATA_value 0"
		for (r = 0; r < 20; r++) {
			for (c = 0; c < 40; c++)
				printf "%d ", y == 2000 ? 10 : c < 12 ? 50 : c < 16 ? 190 : 10
			print ""
		}
	}' >lc/${year}_LC.asc
	cp 2000.prj lc/${year}_LC.prj
done
check "maps of land cover are compared" sh -c "'$LDN' site --site site.geojson --bands index=1,cover=LC lc/2000_LC.asc 20??.asc lc/2019_LC.asc >cover.json"
check "what they show is in its record: from, to, hectares, gain or loss" python3 -c "
import json
told = json.load(open('cover.json'))
rows = {(r['from'], r['to']): r for r in told['results'] if 'from' in r}
whole = next(r for r in told['results'] if r['quantity'] == 'area-measured')['value']
assert {k: r['quantity'] for k, r in rows.items()} == {('cropland', 'tree-covered'): 'cover-improved', ('cropland', 'artificial'): 'cover-degraded', ('cropland', 'cropland'): 'cover-stable'}, rows
for key, share in ((('cropland', 'tree-covered'), 1 / 2), (('cropland', 'artificial'), 1 / 4), (('cropland', 'cropland'), 1 / 4)):
    assert abs(rows[key]['value'] - whole * share) < 1e-3 and rows[key]['year'] == 2019, (key, rows[key], whole)
assert {'name': 'legend', 'value': 'esa'} in told['parameters'] and len(told['inputs']) == 22, told['inputs']"
"$LDN" site --site site.geojson 20??.asc >plain.json
check "and nothing else is changed by them" python3 -c "
import json
plain, told = json.load(open('plain.json')), json.load(open('cover.json'))
assert plain['results'] == [r for r in told['results'] if 'from' not in r]"
refuses "a map of one year alone is refused" 3 "of one year alone" none.json "$LDN" site --site site.geojson --bands index=1,cover=LC lc/2000_LC.asc 20??.asc

# A band in each file, a layer a date.
gdalbuildvrt -q -separate index.vrt 20??.asc
{ echo date; seq 2000 2019; } >years.csv
{ echo date,sensor,layer; for i in 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1; do echo "$((1999 + i))-07-01,LT5,$i"; done; } >days.csv
sed '$d' years.csv >short.csv
results() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["results"])' "$1"; }
check "layers dated by a list are images like any others" sh -c "'$LDN' site --site site.geojson --restored 2010 *.asc >files.json && '$LDN' site --site site.geojson --restored 2010 index.vrt years.csv >layers.json"
check "with the same results" test "$(results files.json)" = "$(results layers.json)"
check "also of days, in any order, and with the list among the inputs" sh -c "'$LDN' site --site site.geojson --restored 2010 --observations 1 days.csv index.vrt >days.json && grep -q '\"days.csv\"' days.json"
check "and these are the same too" test "$(results files.json)" = "$(results days.json)"
refuses "a list with too few dates is refused" 3 "20 layers, short.csv dates 19" none.json "$LDN" site --site site.geojson index.vrt short.csv
refuses "two lists are refused" 3 "both date layers" none.json "$LDN" site --site site.geojson index.vrt years.csv days.csv
printf 'date\n2000\nsoon\n' >soon.csv
refuses "a line without a date is named" 3 "soon.csv, line 3" none.json "$LDN" site --site site.geojson index.vrt soon.csv

# Tables.
printf 'year,value,reference,rain,cells\n2010,0.1,,200,9\n2011,0.2,,300,9\n2012,,,250,9\n2013,0.15,,260,9\n2014,0.2,,310,9\n' >series.csv
check "a table of values is measured" sh -c "'$LDN' site --series series.csv >table.json && grep -q '\"form\": *\"table\"' table.json"
check "with the rain's share taken out" test -n "$(value table.json trend 'share taken out' '' value)"
printf 'year,value\n2010,0.1\n2009,0.2\n' >falling.csv
refuses "years that fall are named by their line" 3 "line 3" none.json "$LDN" site --series falling.csv

# A mine in a monsoon climate, Sentinel-2, with the traps of real data.
mine="$data/mine-s2-india"
if [ -d "$mine" ]; then
	check "the mine is measured: empty dates, one at half resolution, two without mask band, saturated cells" \
		sh -c "'$LDN' site --site '$mine/outline.geojson' --bands red=B04,nir=B08,swir2=B12,quality=SCL --quality scl '$mine'/*_B04.tif '$mine'/*_B08.tif '$mine'/*_B12.tif '$mine'/*_SCL.tif >mine.json"
	check "24 hectares" near "$(value mine.json area-measured '' '' value)" 24.05 0.1
	check "bare ground stays bare: yearly NDVI within 0.15 and 0.30, no two years 0.1 apart" sh -c "python3 -c \"
import json
v = [r['value'] for r in json.load(open('mine.json'))['results'] if r['quantity'] == 'vegetation-index']
assert len(v) == 4 and min(v) > 0.15 and max(v) < 0.30 and max(v) - min(v) < 0.1, v\""
	check "neither recovery nor loss is claimed" sh -c "python3 -c \"
import json
d = json.load(open('mine.json'))
assert all('value' not in r for r in d['results'] if r['quantity'].startswith('area-') and r['quantity'] != 'area-measured')
assert all('no trend' in r['note'] for r in d['results'] if r['quantity'] == 'trend')
assert not any(r['quantity'].startswith('disturbance') for r in d['results'])\""
	check "by season the green of the monsoon and the brown of the dry months stand apart" sh -c "
		'$LDN' site --site '$mine/outline.geojson' --bands red=B04,nir=B08,quality=SCL --quality scl --season 09-01..11-30 '$mine'/*_B04.tif '$mine'/*_B08.tif '$mine'/*_SCL.tif >wet.json &&
		'$LDN' site --site '$mine/outline.geojson' --bands red=B04,nir=B08,quality=SCL --quality scl --season 03-01..05-31 '$mine'/*_B04.tif '$mine'/*_B08.tif '$mine'/*_SCL.tif >dry.json &&
		python3 -c \"
import json
mean = lambda f: (lambda v: sum(v) / len(v))([r['value'] for r in json.load(open(f))['results'] if r['quantity'] == 'vegetation-index'])
assert mean('wet.json') > mean('dry.json') + 0.05, (mean('wet.json'), mean('dry.json'))\""
else
	skip "the mine in India" "no test data"
fi

# Thirty years of Landsat, cloud and shadow marked by Fmask, one file a band.
dense="$data/landsat-dense-colorado"
if [ -d "$dense" ]; then
	printf '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32613"}},"features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[336375,4462275],[336525,4462275],[336525,4462425],[336375,4462425],[336375,4462275]]]}}]}' >colorado.geojson
	check "the dense series is measured" sh -c "'$LDN' site --site colorado.geojson --bands red=red,nir=nir,quality=fmask --quality fmask --scale 0.0001 '$dense'/red.tif '$dense'/nir.tif '$dense'/fmask.tif '$dense'/dates.csv >dense.json"
	for band in red nir fmask; do gdal_translate -q -of ENVI -ot Int16 "$dense/$band.tif" "$band.raw"; done
	check "its means of 29 years are those of medians of clear cells, computed another way" sh -c "python3 -c \"
import csv, json, statistics, struct
years = [int(r['date'][:4]) for r in csv.DictReader(open('$dense/dates.csv'))]
red, nir, mask = (struct.unpack('<%dh' % (25 * len(years)), open(b + '.raw', 'rb').read()) for b in ('red', 'nir', 'fmask'))
told = {r['year']: r['value'] for r in json.load(open('dense.json'))['results'] if r['quantity'] == 'vegetation-index' and 'value' in r}
assert sorted(told) == list(range(1984, 2013)), sorted(told)
for year, value in told.items():
    cells = []
    for i in range(25):
        seen = [(nir[k * 25 + i] - red[k * 25 + i]) / (nir[k * 25 + i] + red[k * 25 + i]) for k in range(len(years))
                if years[k] == year and mask[k * 25 + i] in (0, 1) and -9999 not in (red[k * 25 + i], nir[k * 25 + i])]
        seen = [v for v in seen if abs(v) <= 1]
        if len(seen) >= 3:
            cells.append(statistics.median(seen))
    assert abs(sum(cells) / len(cells) - value) < 2e-5, (year, sum(cells) / len(cells), value)\""
	check "the loss of 1999 is dated" sh -c "[ '$(value dense.json disturbance-year '' '' value)' = 1999 ]"
else
	skip "the dense series" "no test data"
fi

# A forest fire of 2005, Landsat composites of 24 years.
fire="$data/landsat-bap-bc-more-years" first="$data/landsat-bap-bc"
if [ -d "$fire" ] && [ -d "$first" ]; then
	check "the burnt forest is measured" sh -c "'$LDN' site --site '$fire/wildfire_516.gpkg' --reference '$first/test_reference.gpkg' --index NBR --disturbed 2005 --restored 2006 '$first'/20??.tif '$fire'/20??.tif >fire.json"
	check "the fire is dated" sh -c "[ '$(value fire.json disturbance-year '' '' value)' = 2006 ]"
	check "most of it was disturbed and came back" sh -c "awk -v d=$(value fire.json area-disturbed '' '' value) -v r=$(value fire.json area-recovered '' '' value) 'BEGIN { exit !(d > 40 && d < 56 && r > 30 && r < d) }'"
	check "it is back at the reference by 2022" near "$(value fire.json recovery-ratio 'share of the reference' 2022 value)" 1 0.05
	check "a year seen too little has no value and is said" sh -c "[ -z '$(value fire.json vegetation-index NBR 2011 value)' ] && grep -q 'No value for 2011' fire.json"
else
	skip "the burnt forest" "no test data"
fi
finish
