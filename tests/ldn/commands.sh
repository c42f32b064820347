#!/bin/sh
# What people meet: help, version, exit codes, tables, manifest, palette, explain.
. "$(dirname "$0")/tap.sh"
cd "$work" || exit 3
"$MAKE_STACK" series s.tif 600 520 8 band none
"$MAKE_STACK" maps m.tif 600 520 11 band none
for c in $("$LDN" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	check "$c: --help ends with an example" sh -c "'$LDN' $c --help | sed -n '/^Example:/,\$p' | grep -q 'ldn $c'"
done
check "--version names the program and its version" sh -c "'$LDN' --version | grep -q '^ldn [0-9]'"
"$LDN" 2>/dev/null
[ $? -eq 2 ]
say $? "no command is wrong usage"
"$LDN" nonsense 2>/dev/null
[ $? -eq 2 ]
say $? "an unknown command is wrong usage"

"$LDN" productivity s.tif -o p.tif -t p.csv >text 2>err
check "quiet in a pipe: no bar, no colour" sh -c "[ ! -s err ] && ! grep -q \"\$(printf '\\033')\" text"
check "tables are printed for people" grep -q 'declining' text
check "CSV has a heading with units" sh -c "head -1 p.csv | grep -qx 'layer,value,class,cells,area_ha,share_percent'"
check "a second table stands beside the first" test -s p-units.csv
check "shares add up to 100" sh -c "awk -F, '\$1 == \"lpd5\" { s += \$6 } END { exit !(s > 99.999999 && s < 100.000001) }' p.csv"
check "the manifest holds the SHA-256 of the input" grep -q "$(sha256sum s.tif | cut -d' ' -f1)" p.tif.json
check "the manifest holds version, profile and citations" sh -c "grep -q '\"version\"' p.tif.json && grep -q '\"prais4\"' p.tif.json && grep -q 'Mann 1945' p.tif.json"
check "the raster says where it comes from" sh -c "gdalinfo p.tif | grep -q 'LDN_INPUT_1=sha256:$(sha256sum s.tif | cut -d' ' -f1) s.tif'"
check "the raster is a cloud-optimized GeoTIFF with overviews, names and no data" sh -c "gdalinfo p.tif >i && grep -q 'LAYOUT=COG' i && grep -q 'Description = lpd5' i && grep -q 'NoData Value=-32768' i && grep -q 'Overviews: 300x260' i"
check "classes have names and colours" sh -c "gdalinfo p.tif | grep -q '<F>declining</F>'"
"$LDN" productivity -q s.tif -l trend,mean -t named.csv
"$LDN" trend -q s.tif -t alone.csv
check "a layer that is named has its areas, the same as of its own command" sh -c "[ \$(cut -d, -f1 named.csv | sort -u | tr '\\n' ' ' | tr -d ' ') = layertrend ] && cmp named.csv alone.csv"
refuses "layers of numbers without a raster" 2 'name a raster with --output' none.tif "$LDN" trend s.tif -l s,slope
check "gpg2 says which three classes are the guidance's" sh -c "'$LDN' productivity s.tif -p gpg2 | grep -q 'not lpd5, goes into the indicator'"
check "--json is one document" sh -c "'$LDN' productivity s.tif --json | jq -e '.manifest.command == \"productivity\" and (.tables | length == 2)'"
check "--palette writes bytes with a colour table" sh -c "'$LDN' productivity -q s.tif --palette -o pal.tif && gdalinfo pal.tif | grep -q 'ColorInterp=Palette' && gdalinfo pal.tif | grep -q '1: 156,61,46,255'"
check "GDAL reads every cell and overview" sh -c "gdalinfo -checksum p.tif && gdal_translate -q -outsize 25% 25% p.tif small.tif"

"$LDN" balance m.tif:1 --type m.tif:11 --check >/dev/null
[ $? -eq 1 ]
say $? "balance --check exits with 1 when neutrality is not achieved"
"$LDN" explain --at 28.5,-11.4 s.tif --units m.tif:11 --cover-from m.tif:2 --cover-to m.tif:3 --legend unccd --stock m.tif:4 --crop-factor 0.8 --cover-years 15 >e
check "explain tells every step" sh -c "for w in place series trend state performance productivity landcover carbon indicator; do grep -q \"^\$w\" e || exit 1; done"
"$LDN" explain --json --at 28.5,-11.4 s.tif --units m.tif:11 >e.json
"$LDN" productivity -q s.tif -u m.tif:11 -o u.tif
lpd5=$(gdallocationinfo -valonly -b 1 -wgs84 u.tif 28.5 -11.4)
check "explain and productivity agree on the cell" sh -c "jq -e '.productivity.lpd5 == (if $lpd5 == -32768 then null else $lpd5 end)' e.json"
refuses "a place outside the raster" 3 'outside the raster' none.tif "$LDN" explain --at 10,10 s.tif --no-performance

# Areas: the whole raster by zones is the whole raster.
"$LDN" indicator -q --lpd5 m.tif:1 --cover-from m.tif:2 --cover-to m.tif:3 --legend unccd --stock-from m.tif:4 --stock-to m.tif:5 --zones m.tif:11 -t i.json
total() { jq "[.[] | select(.name == \"$1\") | .rows[] | select(.[$2] == \"indicator\") | .[$3]] | add" i.json; }
check "zones and the cells without one add up to the raster" sh -c "jq -e '[.[] | select(.name == \"zones\") | .rows[] | select(.[1] == \"indicator\") | .[4]] | add' i.json | awk '{ exit !(\$1 > 300000 && \$1 < 312001) }'"
"$LDN" zonal -q m.tif:1 -t z.csv
"$LDN" landcover -q m.tif:2 m.tif:3 --legend unccd -t l.csv
check "every command counts the same land" sh -c "[ \$(awk -F, 'NR > 1 { s += \$5 } END { printf \"%.3f\", s }' z.csv) = \$(awk -F, 'NR > 1 { s += \$7 } END { printf \"%.3f\", s }' l-transitions.csv) ]"
finish
