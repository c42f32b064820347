#!/bin/sh
# Every kind of input that should work, and gives the answer of the plain one.
. "$(dirname "$0")/tap.sh"
cd "$work" || exit 3
"$MAKE_STACK" series s.tif 300 200 8 band none
"$LDN" trend -q s.tif -l level,s -o plain.tif
"$LDN" trend -q s.tif -t plain.json
like_plain() { # like_plain ARGUMENTS...: the same cells as plain.tif
	"$LDN" trend -q -l level,s -o like.tif "$@" && same_cells plain.tif 1 like.tif 1 && same_cells plain.tif 2 like.tif 2
}

for b in 1 2 3 4 5 6 7 8; do
	gdal_translate -q -b $b s.tif ndvi_$((2000 + b))0701.tif
done
check "one file a year, years from the names, in any order" like_plain ndvi_20050701.tif ndvi_2001*.tif ndvi_2002*.tif ndvi_2004*.tif ndvi_2003*.tif ndvi_2006*.tif ndvi_2007*.tif ndvi_2008*.tif
gdal_translate -q -of VRT s.tif s.vrt
check "a VRT" like_plain s.vrt
gdal_translate -q -co TILED=NO -co INTERLEAVE=PIXEL s.tif strips.tif
check "strips, bands side by side" like_plain strips.tif
gdal_translate -q -of COG -co COMPRESS=LZW s.tif cog.tif
check "a compressed COG" like_plain cog.tif
gdal_translate -q -co ENDIANNESS=BIG s.tif big-endian.tif
check "big-endian numbers" like_plain big-endian.tif
if gdalinfo --formats | grep -q netCDF; then
	gdal_translate -q -of netCDF -co WRITE_BOTTOMUP=NO s.tif s.nc
	cat >time.vrt <<'X'
<VRTDataset><Group name="/">
<Dimension name="time" size="4" type="TEMPORAL" indexingVariable="time"/><Dimension name="lat" size="3" type="HORIZONTAL_Y" indexingVariable="lat"/>
<Dimension name="lon" size="2" type="HORIZONTAL_X" indexingVariable="lon"/>
<Array name="time"><DataType>Float64</DataType><DimensionRef ref="time"/><Unit>days since 2000-01-01</Unit><InlineValues>10 376 741 1106</InlineValues></Array>
<Array name="lat"><DataType>Float64</DataType><DimensionRef ref="lat"/><Unit>degrees_north</Unit><InlineValues>3 2 1</InlineValues></Array>
<Array name="lon"><DataType>Float64</DataType><DimensionRef ref="lon"/><Unit>degrees_east</Unit><InlineValues>1 2</InlineValues></Array>
<Array name="ndvi"><DataType>Int16</DataType><DimensionRef ref="time"/><DimensionRef ref="lat"/><DimensionRef ref="lon"/><NoDataValue>-32768</NoDataValue>
<InlineValues>1 2 3 4 5 6 11 12 13 14 15 16 21 22 23 24 25 26 31 32 33 34 35 -32768</InlineValues></Array>
</Group></VRTDataset>
X
	check "two-dimensional NetCDF, a variable a year" sh -c "'$LDN' trend -q NETCDF:s.nc:Band1 NETCDF:s.nc:Band2 NETCDF:s.nc:Band3 NETCDF:s.nc:Band4 -y 2001-2004 -o nc2.tif"
	gdalmdimtranslate -q time.vrt time.nc
	check "three-dimensional NetCDF, years from its time axis" sh -c "'$LDN' trend -q time.nc -l s -o nc3.tif && grep -q '2000, 2001, 2002, 2003' nc3.tif.json && gdallocationinfo -valonly nc3.tif 0 0 | grep -qx 6"
	refuses "days of a time axis are held against the season" 2 'none of the rasters lies in the season' x.tif "$LDN" trend time.nc --season 06-01..06-30 -o x.tif
	check "degrees without a reference system are those of WGS 84, and that is said" sh -c "'$LDN' trend time.nc -l trend -t nc3.csv >said && grep -q 'states degrees but no reference system' said && grep -Eq '^trend,0,stable,5,6[01][0-9]{5}\.' nc3.csv"
else
	skip "NetCDF" "GDAL without netCDF"
fi

# Kinds of missing.
gdalwarp -q -ot Float32 -srcnodata -32768 -dstnodata nan s.tif nan.tif
check "missing as NaN in real numbers that are whole" like_plain nan.tif -y 2001-2008 --scale 1
gdal_translate -q -ot Float32 -a_nodata none s.tif real-undeclared.tif
check "-32768 in real numbers is missing though nothing declares it, as in whole ones" like_plain real-undeclared.tif -y 2001-2008
gdalwarp -q -srcnodata -32768 -dstnodata -9999 s.tif other.tif
check "missing as a declared value" like_plain other.tif -y 2001-2008
gdal_translate -q -a_nodata none other.tif undeclared.tif
check "missing as a value the user declares" like_plain undeclared.tif -y 2001-2008 --no-data -9999
gdal_translate -q -b 1 -b 2 -b 3 -b 4 -b 5 -b 6 -b 7 -b 8 -mask 1 -a_nodata none s.tif masked.tif --config GDAL_TIFF_INTERNAL_MASK YES
"$LDN" trend -q masked.tif -y 2001-2008 -l valid -o v1.tif
check "a mask band hides its cells" sh -c "[ \"\$(gdalinfo -mm masked.tif | grep -c PER_DATASET)\" -gt 0 ] && gdal_translate -q -of XYZ v1.tif v1.xyz && ! cut -d' ' -f3 v1.xyz | grep -qx 8.5"
gdal_create -q -of GTiff -ot Int16 -outsize 40 30 -bands 6 -burn 0 -a_srs EPSG:4326 -a_ullr 1 2 2 1 zeros.tif 2>/dev/null
check "all-zero cells are missing when asked" sh -c "'$LDN' trend -q zeros.tif -y 2001-2006 --zero-is-missing -l trend -o z.tif && [ \"\$(gdallocationinfo -valonly z.tif 3 3)\" = -32768 ]"
check "and values when not" sh -c "'$LDN' trend -q zeros.tif -y 2001-2006 -l trend -o z.tif && [ \"\$(gdallocationinfo -valonly z.tif 3 3)\" = 0 ]"
gdal_create -q -of GTiff -ot Int16 -outsize 40 30 -bands 6 -burn -32768 -a_nodata -32768 -a_srs EPSG:4326 -a_ullr 1 2 2 1 nothing.tif
check "a raster without a single value gives no data, not an error" sh -c "'$LDN' productivity -q nothing.tif -y 2001-2006 -o n.tif -t n.csv && [ \"\$(gdallocationinfo -valonly -b 1 n.tif 3 3)\" = -32768 ]"
gdal_create -q -of GTiff -ot Int16 -outsize 1 1 -bands 6 -burn 5 -a_srs EPSG:4326 -a_ullr 1 2 1.1 1.9 dot.tif
check "one cell" sh -c "'$LDN' productivity -q dot.tif -y 2001-2006 -o one.tif && [ \"\$(gdallocationinfo -valonly -b 1 one.tif 0 0)\" = 4 ]"

# Composites of a year become its mean.
for v in 20010101:10 20010702:13 20020101:20 20030101:30 20040101:40; do
	gdal_create -q -of GTiff -ot Int16 -outsize 3 2 -bands 1 -burn ${v#*:} -a_srs EPSG:4326 -a_ullr 1 2 2 1 c_${v%:*}.tif
done
gdal_create -q -of GTiff -ot Int16 -outsize 3 2 -bands 1 -burn -32768 -a_nodata -32768 -a_srs EPSG:4326 -a_ullr 1 2 2 1 c_20020301.tif
"$LDN" state -q c_200*.tif --annual-mean --baseline 2001-2002 --recent 2003-2004 -l mean_baseline,mean_recent -o mean.tif
check "several rasters of a year become their mean, rounded, over those that have a value" sh -c "[ \"\$(gdallocationinfo -valonly mean.tif 1 1 | paste -sd' ')\" = '16 35' ]"
for y in 2001 2002 2003 2004; do
	for m in 02 11; do
		gdal_create -q -of GTiff -ot Int16 -outsize 3 2 -bands 1 -burn $((m == 2 ? y - 1900 : y - 1000)) -a_srs EPSG:4326 -a_ullr 1 2 2 1 "d_$y${m}15.tif" 2>/dev/null
	done
done
"$LDN" state -q d_*.tif --season 11-01..03-31 --baseline 2002-2003 --recent 2004-2004 -l mean_baseline,mean_recent -o season.tif
check "composites of a season that crosses the new year become the mean of the year in which it ends" sh -c "[ \"\$(gdallocationinfo -valonly -b 1 season.tif 1 1)\" = 552 ] && [ \"\$(gdallocationinfo -valonly -b 2 season.tif 1 1)\" = 554 ]"
refuses "rasters of whole years have no season" 2 'no day known, which --season needs' x.tif "$LDN" trend s.tif -y 2001-2008 --season 06-01..08-31 -o x.tif
refuses "and are refused when the mean is not asked for" 2 'year 2001 is there twice.*--annual-mean' x.tif "$LDN" trend c_200*.tif -o x.tif

# South-up, and across the date line: the same areas as north-up and elsewhere.
gdal_translate -q -of VRT s.tif up.vrt
sed -i 's|<GeoTransform>.*</GeoTransform>| <GeoTransform>28,0.0025,0,-11.5,0,0.0025</GeoTransform>|' up.vrt
"$LDN" trend -q up.vrt -t up.json -o up.tif
area() { jq -r '[.[0].rows[] | .[4]] | add | . * 1e6 | round' "$1"; }
check "a raster from south to north counts the same area" test "$(area up.json)" = "$(area plain.json)"
gdal_translate -q -a_ullr 179.5 -11 180.25 -11.5 s.tif date.tif
"$LDN" trend -q date.tif -t date.json
check "a raster across the date line counts the same area" test "$(area date.json)" = "$(area plain.json)"
cat >fiji.json <<'X'
{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"east"},"geometry":{"type":"Polygon","coordinates":[[[-179.95,-11.1],[-179.85,-11.1],[-179.85,-11.2],[-179.95,-11.2],[-179.95,-11.1]]]}}]}
X
"$LDN" zonal -q date.tif:1 --polygons fiji.json -t fiji.csv 2>err || true
check "a polygon on the other side of the date line lies on the raster" sh -c "'$LDN' zonal -q plain-date.tif:1 --polygons fiji.json -t fiji.csv 2>/dev/null || { '$LDN' trend -q date.tif -l trend -o plain-date.tif && '$LDN' zonal -q plain-date.tif:1 --polygons fiji.json -t fiji.csv; } && grep -q '^east,1600,' fiji-polygons.csv"

# Other legends.
printf 'raw,class,name,unccd\n10,1,forest,1\n20,2,built,5\n30,3,other,6\n' >legend.csv
gdal_create -q -of GTiff -ot Byte -outsize 4 4 -bands 1 -burn 10 -a_srs EPSG:4326 -a_ullr 1 2 2 1 from.tif
gdal_create -q -of GTiff -ot Byte -outsize 4 4 -bands 1 -burn 20 -a_srs EPSG:4326 -a_ullr 1 2 2 1 to.tif
refuses "a legend of three classes asks for a matrix" 2 'give a matrix with --matrix' x.tif "$LDN" landcover from.tif to.tif --legend legend.csv -o x.tif
printf 'from,to,meaning\n1,2,-1\n' >matrix.csv
check "any legend and matrix" sh -c "'$LDN' landcover -q from.tif to.tif --legend legend.csv --matrix matrix.csv -o lc.tif && [ \"\$(gdallocationinfo -valonly -b 1 lc.tif 1 1)\" = -1 ] && [ \"\$(gdallocationinfo -valonly -b 2 lc.tif 1 1)\" = 12 ]"
printf 'from,to,meaning\n1,2,sideways\n' >matrix.csv
refuses "a fault in a matrix is told with its line and column" 3 'matrix.csv, line 2, column' x.tif "$LDN" landcover from.tif to.tif --legend legend.csv --matrix matrix.csv -o x.tif

# Regions.
cat >region.json <<'X'
{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[28.1,-11.1],[28.3,-11.1],[28.3,-11.2],[28.1,-11.1]]]}}]}
X
"$LDN" trend -q s.tif --region region.json -l trend -o reg.tif -t reg.csv
check "a polygon cuts the raster and masks what is outside" sh -c "gdalinfo reg.tif | grep -q 'Size is 80, 40' && [ \"\$(gdallocationinfo -valonly reg.tif 1 38)\" = -32768 ]"
"$LDN" trend -q s.tif --region 28.1,-11.2,28.3,-11.1 -l s -o win.tif
gdal_translate -q -srcwin 40 40 80 40 -b 2 plain.tif cut.tif
check "a window is that part of the whole" same_cells win.tif 1 cut.tif 1
cat >tiny.json <<'X'
{"type":"Point","coordinates":[28.1,-11.1]}
X
refuses "a region without polygons" 3 'holds no polygons' x.tif "$LDN" trend s.tif --region tiny.json -o x.tif
cat >tiny.json <<'X'
{"type":"Polygon","coordinates":[[[28.1001,-11.1001],[28.1004,-11.1001],[28.1004,-11.1004],[28.1001,-11.1001]]]}
X
check "a region smaller than a cell answers for the cell it lies on" sh -c "'$LDN' trend -q s.tif --region tiny.json -l trend -o t.tif -t t.csv && awk -F, 'NR > 1 { n += \$4 } END { exit n != 1 }' t.csv"
check "the reader is told of a grid that does not keep areas" sh -c "gdal_translate -q -a_srs EPSG:32735 -a_ullr 500000 8800000 503000 8798000 s.tif utm.tif && '$LDN' trend utm.tif | grep -q 'does not keep areas'"
finish
