#!/bin/sh
# Same inputs, same bytes: for any number of threads, any block size, any number of ranks, any memory.
. "$(dirname "$0")/tap.sh"
cd "$work" || exit 3
"$MAKE_STACK" series s.tif 1300 1100 9 pixel deflate
"$MAKE_STACK" series b.tif 1300 1100 9 band none
"$MAKE_STACK" maps m.tif 1300 1100 11 pixel none
units="-u m.tif:11"
maps="--lpd5 m.tif:1 --cover-from m.tif:2 --cover-to m.tif:3 --legend unccd --stock-from m.tif:4 --stock-to m.tif:5 --period-lpd5 m.tif:6
	--period-landcover m.tif:7 --period-carbon m.tif:8 --population m.tif:9 --population m.tif:10 --zones m.tif:11"

one() { # one NAME COMMAND ARGUMENTS...: the reference, one thread
	of=$1
	shift
	"$LDN" "$@" -q -j 1 -o "$of.1.tif" -t "$of.1.json"
}
again() { # again NAME HOW COMMAND ARGUMENTS...
	of=$1
	shift
	"$LDN" "$@" -q -o "$of.2.tif" -t "$of.2.json" && cmp "$of.1.tif" "$of.2.tif" && cmp "$of.1.json" "$of.2.json" &&
		{ [ ! -e "$of.1.tif.aux.xml" ] || cmp "$of.1.tif.aux.xml" "$of.2.tif.aux.xml"; } && cmp "$of.1.tif.json" "$of.2.tif.json"
}
one p productivity s.tif $units
for j in 2 3 4; do
	check "productivity: $j threads give the bytes of one" again p productivity s.tif $units -j $j
done
check "productivity: blocks of 512 cells give the same bytes" again p productivity s.tif $units -j 2 --block 512
check "productivity: blocks of 1536 cells give the same bytes" again p productivity s.tif $units -j 2 --block 1536
check "productivity: 64 MB of memory, with scratch files, give the same bytes" again p productivity s.tif $units -j 2 --memory 64M
one i indicator $maps
for j in 2 4; do
	check "indicator: $j threads give the bytes of one, tables too" again i indicator $maps -j $j
done
check "indicator: blocks of 512 cells give the same bytes" again i indicator $maps -j 3 --block 512
jrc="--scheme jrc --ecosystems m.tif:11 -l all"
one j productivity s.tif $jrc
check "productivity, JRC: 3 threads give the bytes of one" again j productivity s.tif $jrc -j 3
check "productivity, JRC: blocks of 512 cells and 100 MB of memory give the same bytes" again j productivity s.tif $jrc -j 2 --block 512 --memory 100M

cells_of() { # cells_of NAME COMMAND ARGUMENTS...: the cells alone
	of=$1
	shift
	"$LDN" "$@" -q -o "$of.tif" && gdal_translate -q -of ENVI "$of.tif" "$of.bin"
}
"$MAKE_STACK" series a.tif 1300 1100 9 pixel none
for place in "" "--region 28.3,-12.7,30.01,-11.2"; do
	cells_of c1 productivity s.tif $units $place
	for other in a b; do
		cells_of c2 productivity $other.tif $units $place
		check "productivity: compressed or not, bands apart or side by side, the same cells ($other $place)" cmp c1.bin c2.bin
	done
done

# Sites across the borders of blocks, one over another, one between two cell centres; the window target looks beyond each block.
site() { # site NAME WEST SOUTH EAST NORTH
	printf '{"type":"Feature","properties":{"name":"%s"},"geometry":{"type":"Polygon","coordinates":[[[%s,%s],[%s,%s],[%s,%s],[%s,%s],[%s,%s]]]}}' \
		"$1" "$2" "$3" "$4" "$3" "$4" "$5" "$2" "$5" "$2" "$3"
}
printf '{"type":"FeatureCollection","features":[%s,%s,%s]}' "$(site wide 28.9 -12.6 29.7 -12.0)" "$(site corner 29.2 -12.4 29.4 -12.2)" "$(site tiny 30.0001 -12.0003 30.0004 -12.0001)" >sites.json
recovery="recovery s.tif -i NDVI --factor 0.0001 --polygons sites.json --disturbed 2003 --restored 2004 -k 3 --reference-years 2001-2003 --target window --window 5 --skip-missing
	-l dIR,R80P,RRI,Y2R,valid,target,loss_year,loss"
one r $recovery
check "recovery: two threads give the bytes of one, tables too" again r $recovery -j 2
check "recovery: blocks of 512 cells give the same bytes" again r $recovery -j 2 --block 512
check "recovery: little memory, one thread for two, gives the same bytes" again r $recovery -j 2 --memory 160M

"$LDN" trend -q b.tif -l all -o t1.tif
"$LDN" trend -q s.tif -l all -o t2.tif
check "trend: the way a file is stored does not change a cell" sh -c 'gdal_translate -q -of ENVI t1.tif t1.bin && gdal_translate -q -of ENVI t2.tif t2.bin && cmp t1.bin t2.bin'

if "$LDN" --version | grep -q MPI && command -v mpirun >/dev/null; then
	export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
	ranks() { # ranks N NAME COMMAND ARGUMENTS...
		n=$1 of=$2
		shift 2
		mpirun -np "$n" "$LDN" "$@" -q -j 1 -o "$of.r.tif" -t "$of.r.json" && cmp "$of.1.json" "$of.r.json" && cmp "$of.1.tif.json" "$of.r.tif.json" &&
			gdal_translate -q -of ENVI "$of.1.tif" one.bin && gdal_translate -q -of ENVI "$of.r.vrt" all.bin && cmp one.bin all.bin
	}
	for n in 1 2 3; do
		if [ $n = 1 ]; then
			check "productivity: one rank writes the same file" mpirun -np 1 "$LDN" productivity s.tif $units -q -j 2 -o r.tif
			check "and its bytes are the same" cmp p.1.tif r.tif
		else
			check "productivity: $n ranks give the cells, tables and manifest of one" ranks $n p productivity s.tif $units
			check "productivity, JRC: $n ranks give the cells, tables and manifest of one" ranks $n j productivity s.tif $jrc
			check "indicator: $n ranks give the cells, tables and manifest of one" ranks $n i indicator $maps
			check "recovery: $n ranks give the cells, tables and manifest of one" ranks $n r $recovery
		fi
	done
	"$MAKE_STACK" series little.tif 300 700 5 band none
	one k productivity little.tif
	check "productivity: 5 ranks, most of them without a row, give the cells, tables and manifest of one" ranks 5 k productivity little.tif
	refuses "a failure on all ranks ends all of them" 3 'cannot be opened' none.tif timeout 60 mpirun -np 2 "$LDN" trend missing.tif -o none.tif
else
	skip "ranks give the bytes of one process" "built without MPI, or no mpirun"
fi
finish
