#!/bin/sh
# What the world does to files: a clear message, exit 3, and nothing half under the final name.
. "$(dirname "$0")/tap.sh"
cd "$work" || exit 3
out=out/r.tif
mkdir out
"$MAKE_STACK" series s.tif 700 600 6 band none
"$MAKE_STACK" series p.tif 700 600 6 pixel none
"$MAKE_STACK" series d.tif 700 600 6 pixel deflate

size=$(stat -c %s s.tif)
for f in s p d; do
	head -c $(($(stat -c %s $f.tif) * 2 / 3)) $f.tif >t-$f.tif
done
refuses "a truncated file, bands apart" 3 'trunc|read' $out "$LDN" trend t-s.tif -y 2001-2006 -o $out
refuses "a truncated file, bands side by side" 3 'trunc|read' $out "$LDN" trend t-p.tif -y 2001-2006 -o $out
refuses "a truncated file, compressed" 3 'trunc|damaged|read|open' $out "$LDN" trend t-d.tif -y 2001-2006 -o $out
cp d.tif c.tif
dd if=/dev/urandom of=c.tif bs=1 seek=$(($(stat -c %s d.tif) / 2)) count=4000 conv=notrunc 2>/dev/null
refuses "a corrupt tile" 3 'damaged|read' $out "$LDN" trend c.tif -y 2001-2006 -o $out
head -c 4000 /dev/urandom >n.tif
refuses "a file that is no raster" 3 'n.tif: cannot be opened as a raster' $out "$LDN" trend n.tif -o $out
refuses "a file that is not there" 3 'gone.tif: cannot be opened' $out "$LDN" trend gone.tif -o $out
gdal_translate -q -ot CFloat32 s.tif complex.tif
refuses "complex numbers" 3 'complex numbers' $out "$LDN" trend complex.tif -y 2001-2006 -o $out
gdal_translate -q -ot Float32 -scale 0 10000 0 1 -b 1 -b 2 -b 3 -b 4 -b 5 s.tif real.tif
refuses "real numbers where whole ones are needed say how to scale" 3 'not a whole number.*--scale 10000' $out "$LDN" state real.tif -y 2001-2005 -o $out
refuses "a rotated grid" 3 'rotated.*gdalwarp' $out sh -c "gdal_translate -q -of VRT s.tif rot.vrt; sed -i 's|<GeoTransform>.*</GeoTransform>|<GeoTransform>28,0.002,0.001,-11,0.001,-0.002</GeoTransform>|' rot.vrt; '$LDN' trend rot.vrt -y 2001-2006 -o $out"
gdal_translate -q -b 1 -srcwin 0 0 600 600 s.tif g2001.tif
gdal_translate -q -b 2 -srcwin 0 0 599 600 s.tif g2002.tif
gdal_translate -q -b 2 -srcwin 1 0 600 600 s.tif h2002.tif
refuses "grids of two sizes name both" 3 'g2002.tif is 599 x 600 cells, g2001.tif 600 x 600.*--align' $out "$LDN" trend g2001.tif g2002.tif -o $out
refuses "a shifted grid says by how much" 3 'shifted by 1 x 0 cells' $out "$LDN" trend g2001.tif h2002.tif -o $out
check "grids are aligned when asked" "$LDN" trend -q g2001.tif h2002.tif --align nearest -o al.tif -p gpg2
gdal_create -q -of GTiff -ot Int16 -outsize 9 9 -bands 3 -burn 1 nameless.tif
refuses "no year to be found" 2 'no year known.*--years' $out "$LDN" trend nameless.tif -o $out
refuses "a year twice" 2 'year 2001 is there twice' $out "$LDN" trend g2001.tif g2001.tif -o $out
refuses "too few years in the list" 2 'names 5 years, the rasters hold 6' $out "$LDN" trend s.tif -y 2001-2005 -o $out
refuses "an unknown option offers the nearest" 2 'did you mean --memory' $out "$LDN" trend s.tif --memoryy 3 -o $out
refuses "an unknown layer lists the known ones" 2 'known are trend, level' $out "$LDN" trend s.tif -l nope -o $out
ln -s s.tif link.tif
check "an input is not written over, under whatever name" sh -c "sha256sum s.tif >before; for o in s.tif link.tif ./s.tif; do '$LDN' trend s.tif -y 2001-2006 -o \$o 2>err; [ \$? -eq 2 ] || exit 1; done; grep -q 'would be written over' err && sha256sum -c before"
refuses "a folder that is not there" 3 'No such file' none/r.tif "$LDN" trend s.tif -o none/r.tif
refuses "too little memory says how much is needed" 3 'memory is too small' $out "$LDN" trend s.tif --memory 1M -o $out

# A full disk, three ways: a limit on file size, a device without room, and where it can be mounted a small disk.
refuses "a limit on file size" 3 'File too large' $out sh -c "ulimit -f 8; exec '$LDN' trend s.tif -y 2001-2006 -l all --stored -o $out"
check "a full disk on standard output is an error" sh -c "'$LDN' trend s.tif -t - >/dev/full 2>err; [ \$? -eq 3 ] && grep -q 'standard output' err"
mkdir small
if mount -t tmpfs -o size=600k none small 2>/dev/null; then
	refuses "a full disk" 3 'No space left.*free some space' small/r.tif "$LDN" trend s.tif -l all --stored -o small/r.tif
	umount small
else
	skip "a full disk" "no right to mount one"
fi

# running PID FILE: wait until the program has the file open.
running() {
	for turn in $(seq 200); do
		if ls -l "/proc/$1/fd" 2>/dev/null | grep -q "$2"; then
			sleep 0.1
			return
		fi
		sleep 0.05
	done
}

# Ctrl-C on a run that would take long.
"$MAKE_STACK" series big.tif 3000 3000 20 band none
"$LDN" trend big.tif -l all -o out/big.tif -q -j 1 2>err &
child=$!
running $child big.tif
kill -TERM $child
wait $child
status=$?
[ $status -eq 3 ] && grep -q interrupted err && [ ! -e out/big.tif ] && [ -z "$(ls out)" ]
say $? "an interrupt stops the run, says so, and leaves nothing behind"

# A file that changes under the reading.
cp d.tif changing.tif
"$LDN" trend big.tif -l trend -o out/c.tif -q -j 1 2>err &
child=$!
running $child big.tif
touch big.tif
wait $child
status=$?
[ $status -eq 3 ] && grep -q 'changed while it was being read' err && [ ! -e out/c.tif ]
say $? "an input that changes while it is read is noticed"
rm -f big.tif

# An output that stood there before stays whole when a run fails.
"$LDN" trend -q s.tif -o out/keep.tif
before=$(cksum out/keep.tif)
"$LDN" trend -q t-s.tif -y 2001-2006 -o out/keep.tif 2>/dev/null
[ "$(cksum out/keep.tif)" = "$before" ]
say $? "a failed run leaves the earlier output as it was"
finish
