#!/usr/bin/env python3
"""ldn recovery from file to file on made-up land whose history is known: a forest cut in 2005, replanted in 2006, beside forest left alone.

usage: recovery.py (LDN in the environment). Rasters are written here, as plain ENVI files that GDAL reads.
"""
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from array import array

from recovery_golden import LDN, Raster, Tap, near

WIDE, HIGH, YEARS = 40, 30, list(range(2000, 2016))
CELL, LEFT, TOP = 30, 500000, 5000000
CUT = range(10, 30)  # columns that were cut


def nir_swir(x, y, year, noise):
    """NBR falls from 0.7 to 0.2 in 2005 and comes back by 0.04 a year from 2006; outside the cut it stays."""
    nbr = 0.7 + noise
    if x in CUT and year >= 2005:
        nbr = min(0.7, 0.2 + 0.04 * max(0, year - 2006)) + noise
    return 0.3 * (1 + nbr) / 2, 0.3 * (1 - nbr) / 2


def envi(path, bands, names, code):
    with open(path, "wb") as file:
        array(code, [v for band in bands for v in band]).tofile(file)
    kind = {"f": 4, "d": 5, "h": 2}[code]
    with open(path + ".hdr", "w", encoding="utf-8") as file:
        file.write(f"ENVI\nsamples = {WIDE}\nlines = {HIGH}\nbands = {len(bands)}\nheader offset = 0\nfile type = ENVI Standard\n"
                   f"data type = {kind}\ninterleave = bsq\nbyte order = 0\n"
                   f"map info = {{UTM, 1, 1, {LEFT}, {TOP}, {CELL}, {CELL}, 10, North, WGS-84}}\nband names = {{{', '.join(names)}}}\n")


class Land:
    """The stack in three forms: images in reflectance, images stored as whole numbers, and the index itself."""

    def __init__(self, folder):
        self.folder, self.nbr = folder, {}
        self.images, self.stored, self.index = [], [], []
        draw = random.Random(7)
        gone = {(year, draw.randrange(WIDE), draw.randrange(HIGH)) for year in YEARS for _ in range(40)}
        for year in YEARS:
            nir, swir2 = [0.0] * (WIDE * HIGH), [0.0] * (WIDE * HIGH)
            for i in range(WIDE * HIGH):
                x, y = i % WIDE, i // WIDE
                noise = draw.uniform(-0.01, 0.01)
                if (year, x, y) not in gone:
                    nir[i], swir2[i] = array("f", (round(v * 10000) / 10000 for v in nir_swir(x, y, year, noise)))  # as the file holds them
                missing = nir[i] == 0
                self.nbr[year, x, y] = math.nan if missing else (nir[i] - swir2[i]) / (nir[i] + swir2[i])
            zero = [0.01 if v else 0.0 for v in nir]
            names = ["blue", "green", "red", "nir", "swir1", "swir2"]
            self.images.append(os.path.join(folder, f"image_{year}.img"))
            envi(self.images[-1], [zero, zero, zero, nir, zero, swir2], names, "f")
            self.stored.append(os.path.join(folder, f"stored_{year}.img"))
            envi(self.stored[-1], [[round(v * 10000) for v in swir2], [round(v * 10000) for v in nir]], ["a", "b"], "h")
            self.index.append(os.path.join(folder, f"nbr_{year}.img"))
            envi(self.index[-1], [[self.nbr[year, i % WIDE, i // WIDE] for i in range(WIDE * HIGH)]], ["nbr"], "d")

    def path(self, name):
        return os.path.join(self.folder, name)

    def polygons(self, name, shapes):
        """A GeoJSON of boxes (column, row, width, height in cells) with properties."""
        features = []
        for (x, y, w, h), properties in shapes:
            x0, y0, x1, y1 = LEFT + x * CELL, TOP - y * CELL, LEFT + (x + w) * CELL, TOP - (y + h) * CELL
            ring = [[x0, y0], [x0, y1], [x1, y1], [x1, y0], [x0, y0]]
            features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32610"}}
        with open(self.path(name), "w", encoding="utf-8") as file:
            json.dump({"type": "FeatureCollection", "crs": crs, "features": features}, file)
        return self.path(name)

    def run(self, files, *arguments):
        return subprocess.run([LDN, "recovery", *files, "-q", *arguments], capture_output=True, text=True, check=False)

    def raster(self, files, *arguments):
        out = self.path("o.tif")
        done = self.run(files, *arguments, "-o", out)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return Raster(out, self.folder)

    def tables(self, files, *arguments):
        done = subprocess.run([LDN, "recovery", *files, "--json", *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        whole = json.loads(done.stdout)
        rows = {}
        for table in whole["tables"]:
            columns = [c["name"] for c in table["columns"]]
            rows[table["name"]] = [dict(zip(columns, r)) for r in table["rows"]]
        return rows, whole["manifest"]

    def value(self, year, i):
        v = self.nbr[year, i % WIDE, i // WIDE]
        return None if math.isnan(v) else v


DATED = ["--disturbed", "2004", "--restored", "2006", "--reference-years", "2000-2003", "--target", "historic"]


def expected(land, i):
    """The metrics of one cell by their definitions."""
    y = {year: land.value(year, i) for year in YEARS}
    before = [y[a] for a in range(2000, 2004) if y[a] is not None]
    target = statistics.median(before)
    r, end, almost, d = y[2006], y[2011], y[2010], y[2004]
    best = max([v for v in (almost, end) if v is not None], default=None)
    known = [a for a in range(2006, 2016) if y[a] is not None]
    reached = [a - 2006 for a in known if y[a] >= 0.8 * target]
    out = {"dIR": None if None in (r, end) else end - r, "R80P": None if end is None else end / (0.8 * target), "target": target}
    out["YrYr"] = None if out["dIR"] is None else out["dIR"] / 5
    out["RRI"] = None if None in (r, d, best) or d - r < 0.1 else (best - r) / (d - r)
    out["Y2R"] = reached[0] if reached else -9999
    out["watched"] = known[-1] - 2006
    out["valid"] = sum(v is not None for v in y.values())
    return out


def metrics(tap, land):
    raster = land.raster(land.images, *DATED, "--layers", "dIR,YrYr,R80P,RRI,Y2R,watched,target,valid")
    wrong = []
    for i in range(WIDE * HIGH):
        for name, want in expected(land, i).items():
            if not near(raster.bands[name][i], want, 1e-5, 1e-6):
                wrong.append(f"{name} of cell {i}: expected {want}, found {raster.bands[name][i]}")
    tap.say(not wrong, "metrics of every cell are their definitions, cells of zeros missing", wrong)
    for name, files, how in (("stored as whole numbers, bands by --bands", land.stored, ["--bands", "S2,N", "--factor", "0.0001"]),
                             ("the index itself", land.index, ["-i", "NBR"])):
        other = land.raster(files, *how, *DATED, "--layers", "dIR,YrYr,R80P,RRI,Y2R,watched,target,valid")
        wrong = [f"{n} of cell {i}" for n in raster.bands for i in range(WIDE * HIGH) if not near(other.bands[n][i], raster.bands[n][i], 1e-5, 1e-5)]
        tap.say(not wrong, f"the same from {name}", wrong)


def segments(tap, land):
    raster = land.raster(land.images, "--layers", "loss_year,loss,loss_duration,loss_before,gain_year,gain,segments,p,rmse,vertex_year_1,fit_2005,fit_2015")
    cut = [i for i in range(WIDE * HIGH) if i % WIDE in CUT and land.value(2005, i) is not None and land.value(2004, i) is not None]
    found = sum(raster.bands["loss_year"][i] == 2005 and abs(raster.bands["loss"][i] - 0.5) < 0.05 and raster.bands["loss_duration"][i] == 1 for i in cut)
    tap.say(found > 0.97 * len(cut), f"the cut is found in its year with its size ({found} of {len(cut)} cells)")
    grown = sum((raster.bands["gain_year"][i] or 0) >= 2006 and raster.bands["gain"][i] > 0.2 for i in cut)
    tap.say(grown > 0.97 * len(cut), f"and the recovery after it ({grown} of {len(cut)})")
    close = sum(abs(raster.bands["fit_2015"][i] - (0.2 + 0.04 * 9)) < 0.05 for i in cut)
    tap.say(close > 0.9 * len(cut), f"and where it ends ({close} of {len(cut)})")
    left = [i for i in range(WIDE * HIGH) if i % WIDE not in CUT]
    alarms = sum((raster.bands["loss"][i] or 0) > 0.1 for i in left)
    tap.say(alarms == 0, f"no loss of 0.1 where nothing was cut ({alarms} of {len(left)})")
    fewer = land.raster(land.images, "--loss-from", "0.6", "--layers", "loss_year,loss")
    tap.say(all(v is None for v in fewer.bands["loss_year"]), "--loss-from passes over smaller losses")


SITES = [((11, 3, 6, 8), {"name": "north", "dist_start": 2004, "rest_start": 2006, "ref_start": 2000, "ref_end": 2003}),
         ((14, 6, 10, 12), {"name": "overlapping", "dist_start": "2004", "rest_start": 2007, "ref_start": 2001, "ref_end": 2003}),
         ((12.1, 20.1, 0.2, 0.2), {"name": "tiny", "dist_start": 2004, "rest_start": 2006, "ref_start": 2000, "ref_end": 2003}),
         ((20, 20, 5, 5), {"name": "recent", "dist_start": 2004, "rest_start": 2013, "ref_start": 2000, "ref_end": 2003}),
         ((500, 20, 5, 5), {"name": "away", "dist_start": 2004, "rest_start": 2006, "ref_start": 2000, "ref_end": 2003})]


def sites(tap, land):
    path = land.polygons("sites.geojson", SITES)
    tables, manifest = land.tables(land.images, "--polygons", path, "--target", "historic-polygon")
    rows = {(r["polygon"], r["metric"]): r for r in tables["summary"]}
    tap.say(all((s[1]["name"], "R80P") in rows for s in SITES), "every site has its rows")
    inside = [y * WIDE + x for y in range(3, 11) for x in range(11, 17)]
    medians = [statistics.median([v for v in (land.value(a, i) for a in range(2000, 2004)) if v is not None]) for i in inside]
    target = next(r["value"] for r in tables["targets"] if r["polygon"] == "north")
    tap.say(near(target, statistics.median(medians), 1e-6, 0), "the target of a polygon is the median of its cells' medians")
    change = [land.value(2011, i) - land.value(2006, i) for i in inside if None not in (land.value(2011, i), land.value(2006, i))]
    row = rows["north", "dIR"]
    tap.say(row["n_pixels"] == len(inside) and row["n_used"] == len(change) and near(row["mean"], statistics.fmean(change), 1e-5, 0) and
            near(row["median"], statistics.median(change), 1e-5, 0) and near(row["std_pop"], statistics.pstdev(change), 1e-4, 0), "its summary is that of its cells")
    tap.say(rows["overlapping", "dIR"]["n_pixels"] == 120, "an overlapping site has all its cells")
    tap.say(rows["tiny", "dIR"]["n_pixels"] == 1, "a site without a cell centre has the cell it lies on")
    tap.say(rows["away", "dIR"]["n_pixels"] == 0 and rows["away", "dIR"]["mean"] is None, "a site outside has none, and no value")
    tap.say(rows["recent", "dIR"]["mean"] is None and rows["recent", "Y2R"]["n_never"] > 0 and rows["recent", "Y2R"]["n_nan"] == 0,
            "a site restored too lately has no dIR, but years to recovery, or a note that they are not over")
    notes = " ".join(manifest["notes"])
    tap.say("recent: dIR needs year 2018, the stack ends in 2015" in notes and "tiny" in notes and "away" in notes, "notes say why", [notes])
    turned = land.polygons("turned.geojson", SITES[::-1])
    other, _ = land.tables(land.images, "--polygons", turned, "--target", "historic-polygon")
    key = lambda r: (r["polygon"], r["index"], r["metric"])
    tap.say(sorted(other["summary"], key=key) == sorted(tables["summary"], key=key), "the order of the sites changes no number")
    raster = land.raster(land.images, "--polygons", path, "--target", "historic", "--layers", "dIR,target")
    tap.say(all((raster.at("dIR", x, y) is None) for x, y in ((0, 0), (10, 3), (24, 18))), "the raster is empty outside the sites")
    shared = 8 * WIDE + 15
    tap.say(near(raster.bands["dIR"][shared], land.value(2011, shared) - land.value(2006, shared), 1e-5, 1e-6), "where sites overlap the first stands in the raster")


def targets(tap, land):
    path = land.polygons("north.geojson", SITES[:1])
    others = land.polygons("forest.geojson", [((0, 0, 5, 9), {"name": "a"}), ((32, 4, 6, 20), {"name": "b"}), ((2, 20, 4, 4), {"name": "c"})])
    tables, manifest = land.tables(land.images, "--polygons", path, "--references", others, "--reference-years", "2006-2012")
    boxes, medians = [(0, 0, 5, 9), (32, 4, 6, 20), (2, 20, 4, 4)], []
    for x, y, w, h in boxes:
        cells = [v * WIDE + u for v in range(y, y + h) for u in range(x, x + w)]
        medians.append(statistics.median(statistics.median([v for v in (land.value(a, i) for a in range(2006, 2013)) if v is not None]) for i in cells))
    tap.say(near(tables["targets"][0]["value"], statistics.median(medians), 1e-6, 0), "the target of reference polygons is the median of theirs")
    low, manifest_low = land.tables(land.index, "--offset", "-1", "--polygons", path, "--references", others, "--reference-years", "2006-2012")
    tap.say(all(r["n_used"] == 0 for r in low["summary"] if r["metric"] in ("R80P", "Y2R")) and any("at or below 0" in n for n in manifest_low["notes"]),
            "a target at or below 0 has no share, and a note says so")
    tap.say(any("forest.geojson" in str(f) for f in manifest["files"]), "the manifest names the reference polygons")
    window = ["--restored", "2006", "--target", "window", "--window", "5", "--reference-years", "2000-2003", "--skip-missing", "--layers", "target,R80P"]
    whole = land.raster(land.images, *window)
    part = land.raster(land.images, *window, "--region", f"{LEFT + 8 * CELL},{TOP - 20 * CELL},{LEFT + 20 * CELL},{TOP - 6 * CELL}")
    wrong = [f"column {x}, row {y}" for y in range(14) for x in range(12) if part.at("target", x, y) != whole.at("target", x + 8, y + 6)]
    tap.say((part.width, part.height) == (12, 14) and not wrong, "a window target counts the neighbours beyond the region", wrong)
    number = land.raster(land.images, "--restored", "2006", "--target", "0.7", "--layers", "R80P")
    i = next(i for i in range(WIDE * HIGH) if land.value(2011, i) is not None)
    tap.say(near(number.bands["R80P"][i], land.value(2011, i) / 0.56, 1e-5, 0), "a number can be the target")
    last = land.raster(land.images, "--restored", "2008", "--target", "0.7", "-k", "last", "--layers", "R80P,dIR")
    i = next(i for i in range(WIDE * HIGH) if None not in (land.value(2015, i), land.value(2013, i), land.value(2008, i)))
    tap.say(near(last.bands["R80P"][i], land.value(2015, i) / 0.56, 1e-5, 0) and near(last.bands["dIR"][i], land.value(2013, i) - land.value(2008, i), 1e-5, 1e-6),
            "R80P can be had in the last year")


def refusals(tap, land):
    path = land.polygons("bad.geojson", [((11, 3, 6, 8), {"name": "wrong", "rest_start": "soon"})])
    years = ["--restored", "2006"]
    for name, code, words, arguments in (
            ("no stack", 2, "name the rasters", [[]]),
            ("an unknown index", 2, "no index NDVY", [land.images, "-i", "NDVY"]),
            ("an index whose bands are not there", 2, "needs band red", [land.stored, "--bands", "S2,N", "-i", "NDVI"]),
            ("an unknown band", 2, "XX is not", [land.stored, "--bands", "XX,N"]),
            ("a year after the end", 2, "needs year 2018, the stack ends in 2015", [land.images, "--restored", "2013"]),
            ("a year that is not there", 2, "does not have", [land.images, "--restored", "1990"]),
            ("a timestep that is no number", 2, "--timestep soon", [land.images, *years, "-k", "soon"]),
            ("a scale, which would round", 2, "--factor", [land.images, "--scale", "10000"]),
            ("a percentage above 100", 2, "--percent 101", [land.images, *years, "--percent", "101"]),
            ("a target of no kind", 2, "--target high", [land.images, *years, "--target", "high"]),
            ("a target without its years", 2, "--reference-years", [land.images, *years, "--target", "historic"]),
            ("reference years outside the stack", 2, "1999 is not in the stack", [land.images, *years, "--reference-years", "1999-2001"]),
            ("an even window", 2, "odd", [land.images, *years, "--target", "window", "--window", "4", "--reference-years", "2000"]),
            ("a field that is no year", 3, "rest_start is soon", [land.images, "--polygons", path]),
            ("polygons that are not there", 3, "none.gpkg", [land.images, "--polygons", land.path("none.gpkg")]),
            ("a polygon without cells, as the peer does,", 3, "polygon tiny: holds no cell centre", [land.images, "--peer", "--polygons", land.polygons("s.geojson", SITES)]),
            ("segments of no number", 2, "--max-segments", [land.images, "--max-segments", "21"]),
            ("a share above 1", 2, "--p-limit", [land.images, "--p-limit", "1.5"])):
        out = land.path("none.tif")
        done = land.run(arguments[0], *arguments[1:], "-o", out)
        tap.say(done.returncode == code and words in done.stderr and not os.path.exists(out), f"{name} is refused with a word",
                [f"exit {done.returncode}: {done.stderr}"])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        land = Land(folder)
        for subject in (metrics, segments, sites, targets, refusals):
            subject(tap, land)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
