#!/bin/sh
# The peers' rasters, reproduced cell by cell through the tool in the profile te; the whole path from file to file.
. "$(dirname "$0")/tap.sh"
g=$data/ldn-golden/trends_earth
if [ ! -d "$g" ]; then
	skip "golden rasters are reproduced" "no $g (set AFTERMINE_TESTDATA)"
	finish
fi
te() { # te COMMAND ARGUMENTS...: quiet, profile te
	command=$1
	shift
	"$LDN" "$command" -q -p te "$@"
}
o=$work/o.tif
series="$g/ndvi_annual.tif --years 2001-2017"

te trend $series -l level,s -o "$o"
check "trend: te levels of the NDVI trend are the peer's in every cell" same_cells "$o" 1 "$g/te_trajectory_ndvi_trend.tif" 2
check "trend: te S of the NDVI trend is the peer's in every cell" same_cells "$o" 2 "$g/te_trajectory_ndvi_trend.tif" 3
te trend $series -l level,s --correction restrend --climate "$g/climate_annual.tif" -o "$o"
check "trend: te levels of RESTREND are the peer's" same_cells "$o" 1 "$g/te_trajectory_p_restrend.tif" 2
check "trend: te S of RESTREND is the peer's" same_cells "$o" 2 "$g/te_trajectory_p_restrend.tif" 3
te trend $series -l level,s --correction rue --climate "$g/climate_annual.tif" -o "$o"
check "trend: te levels of rain use efficiency are the peer's" same_cells "$o" 1 "$g/te_trajectory_ue.tif" 2
te state $series --baseline 2001-2014 --recent 2015-2017 -l change,class_baseline,class_recent -o "$o"
check "state: te change of class is the peer's" same_cells "$o" 1 "$g/te_state_pct_linear.tif" 1
te performance $series --soil "$g/soil_units.tif" --cover "$g/landcover_esa_y0.tif" -l performance,unit -o "$o"
check "performance: te classes are the peer's" same_cells "$o" 1 "$g/te_performance_pct_linear.tif" 1
check "performance: units are the peer's" same_cells "$o" 2 "$g/te_performance_pct_linear.tif" 3
te productivity $series --baseline 2001-2014 --soil "$g/soil_units.tif" --cover "$g/landcover_esa_y0.tif" -o "$o"
check "productivity: te LPD in five classes is the peer's" same_cells "$o" 1 "$g/te_lpd5_ee.tif" 1
check "productivity: te LPD in three classes is the peer's" same_cells "$o" 2 "$g/te_lpd3_ee.tif" 1

# The JRC's scheme on its own example; the peer's ecosystem types are an input. Its one cell without values is nan there.
jrc=$data/ldn-golden/lpdynr
gdal_translate -q -b 5 "$jrc/lpdynr_outputs.tif" "$work/types.tif"
for band in 1 2 3 4 6 7 8; do
	gdal_translate -q -b $band -a_nodata none "$jrc/lpdynr_outputs.tif" "$work/jrc$band.tif"
done
same_but_nan() { # same_but_nan FILE BAND PEER
	cells "$1" "$2" >"$work/a" && cells "$3" 1 | sed 's/^-*nan$/-32768/' >"$work/b" && [ "$(wc -l <"$work/a")" -eq 400 ] &&
		paste "$work/a" "$work/b" | awk '{ d = $1 - $2; if (d * d > 1e-8 * (1 + $2 * $2)) bad++ } END { exit bad > 0 }'
}
te productivity "$jrc/input_series.tif" --years 2001-2017 --scheme jrc --ecosystems "$work/types.tif" -l all -o "$o"
check "productivity: JRC's five classes are LPDynR's in every cell" same_but_nan "$o" 1 "$work/jrc7.tif"
check "productivity: JRC's steadiness is LPDynR's" same_but_nan "$o" 3 "$work/jrc1.tif"
check "productivity: JRC's level is LPDynR's" same_but_nan "$o" 4 "$work/jrc2.tif"
check "productivity: JRC's change of decile is LPDynR's" same_but_nan "$o" 5 "$work/jrc3.tif"
check "productivity: JRC's long-term change is LPDynR's" same_but_nan "$o" 6 "$work/jrc4.tif"
check "productivity: JRC's local net scaling is LPDynR's" same_but_nan "$o" 7 "$work/jrc6.tif"
te productivity "$jrc/input_series.tif" --years 2001-2017 --scheme jrc -o "$o"
check "productivity: JRC's classes without ecosystem types are LPDynR's" same_but_nan "$o" 1 "$work/jrc8.tif"

te landcover "$g/lc7_initial.tif" "$g/lc7_final.tif" --legend unccd -l transition,landcover -o "$o"
check "landcover: transition codes are the peer's" same_cells "$o" 2 "$g/te_lc_transition.tif" 1
te indicator --lpd5 "$g/te_lpd5.tif" --landcover "$g/te_lc_degradation.tif" --cover-from "$g/lc7_initial.tif" --legend unccd \
	--carbon-percent "$g/in_soc_pct_change.tif" -o "$o"
check "indicator: te classes are the peer's" same_cells "$o" 1 "$g/te_sdg.tif" 1
te status "$g/te_sdg.tif" "$g/sdg_period1.tif" -o "$o"
check "status: seven classes are the peer's" same_cells "$o" 1 "$g/te_status7_p1.tif" 1
check "status: three classes are the peer's" same_cells "$o" 2 "$g/te_status3_p1.tif" 1
te status "$g/te_sdg.tif" "$g/sdg_period1.tif" --correct "$g/in_recode_code.tif" --correct-periods "$g/in_recode_periods.tif" -l baseline,period -o "$o"
check "status: corrections of the baseline are the peer's" same_cells "$o" 1 "$g/te_recoded.tif" 1
check "status: corrections of the first report are the peer's" same_cells "$o" 2 "$g/te_recoded.tif" 2
te status "$g/te_sdg.tif" "$g/sdg_period2.tif" --report 2 --correct "$g/in_recode_code.tif" --correct-periods "$g/in_recode_periods.tif" -l baseline,period -o "$o"
check "status: corrections of the second report are the peer's" same_cells "$o" 2 "$g/te_recoded.tif" 3

# The peer's balance leaves its last two rows out.
te balance "$g/te_status7_p1.tif" --type "$g/in_land_type.tif" --region 1,41.455,1.05,41.5 -t "$work/b.csv" -o "$o"
awk -F, 'FNR == 1 { next }
	FILENAME ~ /te_counterbalancing/ { gains[$1] = $2; losses[$1] = $3; n++; next }
	($1 in gains) { seen++; if ((d = $2 / 100 - gains[$1]) * d > 1e-18 * gains[$1] * gains[$1] + 1e-24 || (d = $3 / 100 - losses[$1]) * d > 1e-18 * losses[$1] * losses[$1] + 1e-24) bad++ }
	END { exit !(n > 0 && seen == n && bad == 0) }' "$g/te_counterbalancing.csv" "$work/b-types.csv"
say $? "balance: gains and losses of every land type are the peer's to 1e-9"

# Polygons: areas by cell centre at the right rows. offset_half has centres exactly on its edges: te counts those on a level lower edge, as GDAL does.
ogr2ogr -q -f GPKG -oo GEOM_POSSIBLE_NAMES=wkt_lonlat -a_srs EPSG:4326 "$work/p.gpkg" "$g/te_polygon_stats.csv" 2>/dev/null
te zonal "$g/te_sdg.tif" --polygons "$work/p.gpkg" --field polygon -t "$work/z.csv"
ogr2ogr -q -f CSV -select polygon,pixel_centre_area_ha_reference,pixel_centres_inside "$work/ref.csv" "$work/p.gpkg"
awk -F, 'FNR == 1 { next } { gsub(/"/, "") }
	FILENAME ~ /ref/ { area[$1] = $2; cells[$1] = $3; next }
	{ n++; if ($2 != cells[$1] || (d = $7 - area[$1]) * d > 1e-16 * (1 + area[$1] * area[$1])) bad++ }
	END { exit !(n == 13 && bad == 0) }' "$work/ref.csv" "$work/z-polygons.csv"
say $? "zonal: cells and areas by centre of thirteen polygons are the reference's"
"$LDN" zonal -q "$g/te_sdg.tif" --polygons "$work/p.gpkg" --field polygon -t "$work/s.csv"
check "zonal: outside te a centre on a level lower edge is left to the neighbour below" grep -q '^"*offset_half_4x3"*,12,' "$work/s-polygons.csv"
finish
